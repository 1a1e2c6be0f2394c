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
    void losses_are_as_rare_as_the_rate_to_the_power_of_their_number() {
        Draw draw = draw(7, Schedule.now());
        Draw.Site site = test(draw);
        int[] counts = new int[4];
        IntStream.range(0, 50_000).forEach(unit -> counts[draw.losses(site, unit, 0.3, 3)]++);

        assertThat(counts[0] / 50_000.0).isCloseTo(0.7, within(0.01));
        assertThat(counts[1] / 50_000.0).isCloseTo(0.3 * 0.7, within(0.01));
        assertThat(counts[2] / 50_000.0).isCloseTo(0.09 * 0.7, within(0.005));
        assertThat(counts[3] / 50_000.0).as("no more than that").isCloseTo(0.027, within(0.005));
        assertThat(log.get(9).purpose()).isEqualTo("loss");
        assertThat(log.get(9).unit()).isEqualTo(9);
        assertThat(draw.losses(site, 9, 0.3, 3))
                .isEqualTo(Integer.parseInt(log.get(9).value()));
    }

    @Test
    void the_message_behind_the_first_two_over_the_rate_is_lost_if_none_was() {
        Draw draw = draw(7, Schedule.now());
        Draw.Site probe = draw.site("probe->kv", 0, null);
        Draw.Site site = test(draw);
        long spared = LongStream.iterate(0, unit -> unit + 1)
                .filter(unit -> draw(7, Schedule.now()).losses(site, unit, 0.01, 3) == 0)
                .findFirst()
                .orElseThrow();
        log.clear();
        IntStream.range(0, 200).forEach(i -> {
            draw.losses(probe, i, 0.01, 3);
            assertThat(draw.losses(site, spared, 0.01, 3)).isZero();
        });

        assertThat(draw.losses(site, spared, 0.01, 3)).isEqualTo(1);
        assertThat(log.get(400))
                .isEqualTo(new Choice("1-latency", "test->kv", 0, "downstream", spared, "loss", "forced"));
        assertThat(draw.losses(site, spared, 0.01, 3)).as("once is enough").isZero();
    }

    @Test
    void what_an_earlier_run_lost_is_lost_again() {
        Draw draw = new Draw(
                "1-packet-loss",
                Schedule.now(),
                Chance.ofSeed(7),
                log::add,
                site -> site.unit() == 2 ? "forced" : site.unit() < 4 ? "3" : null);
        assertThat(IntStream.range(0, 4).map(unit -> draw.losses(test(draw), unit, 0.01, 6)))
                .containsExactly(3, 3, 1, 3);
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
