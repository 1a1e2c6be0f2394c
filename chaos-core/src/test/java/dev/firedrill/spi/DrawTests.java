package dev.firedrill.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Latency.Distribution;
import dev.firedrill.report.Choice;
import dev.firedrill.schedule.Chance;
import dev.firedrill.schedule.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which candidates are hit, and what is recorded of it. */
class DrawTests {

    private final List<Choice> log = new ArrayList<>();

    private Draw draw(long seed, Schedule schedule) {
        log.clear();
        return new Draw("1-latency", schedule, Chance.ofSeed(seed), log::add);
    }

    private static Draw.Site test(Draw draw) {
        return draw.site("test->kv", 0, Direction.DOWNSTREAM);
    }

    /** A seed that draws none of the first eight units at the test's site. */
    private long unluckySeed() {
        for (long seed = 0; ; seed++) {
            Draw draw = draw(seed, Schedule.now().probability(0.01));
            Draw.Site site = test(draw);
            if (IntStream.range(0, 8).noneMatch(unit -> draw.hits(site, unit))) {
                return seed;
            }
        }
    }

    private List<String> values(Draw draw, Draw.Site site, int units) {
        IntStream.range(0, units).forEach(unit -> draw.hits(site, unit));
        return log.stream().map(Choice::value).toList();
    }

    @Test
    void without_a_probability_and_an_nth_everything_is_hit_and_nothing_recorded() {
        Draw draw = draw(7, Schedule.now());
        assertThat(draw.always()).isTrue();
        assertThat(draw.hits(test(draw), 3)).isTrue();
        assertThat(log).isEmpty();
        assertThat(draw.candidates()).isZero();
    }

    @Test
    void the_candidate_behind_the_first_two_over_p_is_forced_if_none_was_drawn() {
        long seed = unluckySeed();
        Draw draw = draw(seed, Schedule.now().probability(0.5));
        // of the same numbers, those below one half are hit
        List<String> values = values(draw, test(draw), 5);
        assertThat(values).hasSize(5).containsAnyOf("true", "forced");

        Draw rare = draw(seed, Schedule.now().probability(0.01));
        Draw.Site site = test(rare);
        IntStream.range(0, 200).forEach(unit -> rare.hits(site, unit % 8));
        assertThat(log).noneMatch(each -> each.value().equals("forced"));
        assertThat(rare.hits(site, 0)).isTrue();
        assertThat(log.get(200)).isEqualTo(new Choice("1-latency", "test->kv", 0, "downstream", 0, "hit", "forced"));
        assertThat(rare.hits(site, 0)).as("once is enough").isFalse();
    }

    @Test
    void what_passes_for_a_probe_counts_neither_as_candidate_nor_as_nth() {
        for (String name : new String[] {"probe->kv", "test->kv" + Draw.OF_PROBE}) {
            Draw third = draw(7, Schedule.now().nth(3));
            Draw.Site probe = third.site(name, 0, null);
            assertThat(IntStream.range(0, 10).anyMatch(unit -> third.hits(probe, unit)))
                    .isFalse();
            assertThat(third.candidates()).isZero();
            Draw.Site site = test(third);
            assertThat(List.of(third.hits(site, 0), third.hits(site, 1), third.hits(site, 2), third.hits(site, 3)))
                    .containsExactly(false, false, true, false);

            Draw often = draw(7, Schedule.now().probability(0.5));
            Draw.Site busy = often.site(name, 0, null);
            assertThat(IntStream.range(0, 100)
                            .filter(unit -> often.hits(busy, unit))
                            .count())
                    .as("it feels the fault")
                    .isBetween(20L, 80L);
            assertThat(often.candidates()).isZero();
        }
    }

    @Test
    void what_an_earlier_run_chose_is_chosen_again() {
        Schedule schedule = Schedule.now().nth(1);
        Draw draw = new Draw(
                "1-latency",
                schedule,
                Chance.ofSeed(7),
                log::add,
                site -> site.unit() == 2 ? "forced" : site.unit() < 2 ? "false" : null);
        assertThat(values(draw, test(draw), 4)).containsExactly("false", "false", "forced", "false");
    }

    @Test
    void a_delay_is_recorded_if_there_is_something_to_draw() {
        Draw draw = draw(7, Schedule.now());
        Duration mean = Duration.ofMillis(100);
        assertThat(draw.delayNanos(test(draw), 0, mean, Duration.ZERO)).isEqualTo(mean.toNanos());
        assertThat(log).isEmpty();
        long nanos = draw.delayNanos(test(draw), 0, mean, Duration.ofMillis(10));
        assertThat(nanos).isBetween(90_000_000L, 110_000_000L).isNotEqualTo(mean.toNanos());
        assertThat(draw.delayNanos(test(draw), 0, mean, Duration.ofMillis(10))).isEqualTo(nanos);
        assertThat(log).hasSize(2).allMatch(each -> each.purpose().equals("delay"));
    }

    @ParameterizedTest
    @CsvSource({"UNIFORM, 100, 300, 200, 200", "NORMAL, 100, 300, 200, 200", "PARETO, 100, 1100, 152, 197"})
    void a_delay_is_spread_as_its_distribution_says(
            Distribution distribution, long least, long most, long median, long mean) {
        Draw draw = draw(7, Schedule.now());
        Latency latency =
                new Latency(Duration.ofMillis(200), Duration.ofMillis(100), Direction.DOWNSTREAM, distribution);
        Draw.Site site = test(draw);
        long[] delays = LongStream.range(0, 50_000)
                .map(unit -> draw.delayNanos(site, unit, latency))
                .sorted()
                .toArray();

        long tolerance = Duration.ofMillis(2).toNanos();
        assertThat(delays[0]).isGreaterThanOrEqualTo(least * 1_000_000).isCloseTo(least * 1_000_000, within(tolerance));
        assertThat(delays[delays.length - 1])
                .isLessThanOrEqualTo(most * 1_000_000)
                .isCloseTo(most * 1_000_000, within(tolerance));
        assertThat(delays[delays.length / 2]).isCloseTo(median * 1_000_000, within(tolerance));
        assertThat(LongStream.of(delays).sum() / delays.length).isCloseTo(mean * 1_000_000, within(tolerance));
        assertThat(draw.delayNanos(site, 3, latency))
                .isEqualTo(draw(7, Schedule.now()).delayNanos(site, 3, latency));
    }

    @Test
    void a_shift_is_of_its_place_alone_within_its_bounds_and_recorded() {
        Draw draw = draw(7, Schedule.now());
        Draw.Site site = test(draw);
        List<Long> shifts = IntStream.range(0, 200)
                .mapToObj(cut -> draw.shift(site, cut, 3))
                .toList();
        assertThat(shifts).contains(0L, 1L, 2L, 3L).allMatch(shift -> shift >= 0 && shift <= 3);
        assertThat(log.get(5))
                .isEqualTo(new Choice(
                        "1-latency", "test->kv", 0, "downstream", 5, "shift", String.valueOf(shifts.get(5))));
        assertThat(draw.candidates())
                .as("where a stream is cut is no candidate")
                .isZero();

        assertThat(draw.shift(site, 17, 3)).as("whatever was drawn before").isEqualTo(shifts.get(17));
        assertThat(draw.shift(site, 17, 0)).isZero();
        assertThat(draw(7, Schedule.now()).shift(site, 17, 3)).isEqualTo(shifts.get(17));
        Draw.Site reply = draw.site("test->kv", 0, Direction.UPSTREAM);
        assertThat(IntStream.range(0, 200).mapToObj(cut -> draw.shift(reply, cut, 3)))
                .isNotEqualTo(shifts);
    }
}
