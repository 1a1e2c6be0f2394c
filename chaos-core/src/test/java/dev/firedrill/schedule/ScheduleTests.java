package dev.firedrill.schedule;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firedrill.schedule.Schedule.Window;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScheduleTests {

    private static final Chance CHANCE = Chance.ofSeed(1);

    @Test
    void now_is_in_force_before_the_body_and_until_its_end() {
        assertThat(Schedule.now().beforeBody()).isTrue();
        assertThat(Schedule.now().windows(CHANCE)).containsExactly(new Window(ZERO, null));
    }

    @Test
    void occurrences_are_counted_from_their_starts() {
        assertThat(Schedule.now()
                        .after(ofMillis(500))
                        .lasting(ofMillis(100))
                        .every(ofSeconds(1), 3)
                        .windows(CHANCE))
                .containsExactly(
                        new Window(ofMillis(500), ofMillis(600)),
                        new Window(ofMillis(1500), ofMillis(1600)),
                        new Window(ofMillis(2500), ofMillis(2600)));
    }

    @Test
    void lengths_that_are_drawn_repeat_with_the_seed() {
        Schedule schedule = Schedule.now()
                .after(DurationRange.parse("1ms..900ms"))
                .lasting(DurationRange.parse("1ms..50ms"))
                .every(ofSeconds(1), 5);
        assertThat(schedule.windows(CHANCE)).isEqualTo(schedule.windows(Chance.ofSeed(1)));
        assertThat(schedule.windows(CHANCE)).isNotEqualTo(schedule.windows(Chance.ofSeed(2)));
    }

    @Test
    void a_schedule_without_an_end_or_out_of_bounds_is_refused() {
        refused(
                () -> Schedule.now().every(ofSeconds(2), 1),
                "every 2s has no end; say how often with times, such as times = 3");
        refused(
                () -> Schedule.now().probability(1.5),
                "probability 1.5 is outside 0..1; write for example 0.05 for one in twenty");
        refused(
                () -> Schedule.now().probability(0),
                "probability 0.0 would never hit anything; use a value above 0, or remove the fault");
        refused(
                () -> Schedule.now().lasting(ofSeconds(3)).every(ofSeconds(2), 2),
                "lasting 3s is not shorter than every 2s, so the occurrences would overlap; shorten it or space them out");
        refused(() -> Schedule.now().nth(-1), "nth -1 is negative; allowed is 1 or more, or 0 for all");
        refused(
                () -> Schedule.now().nth(2).probability(0.5),
                "nth 2 and probability 0.5 exclude each other; keep one of them");
    }

    @Test
    void a_trigger_without_a_name_is_refused() {
        for (String name : new String[] {"", " "}) {
            refused(
                    () -> Schedule.now().on(name),
                    "on \"" + name + "\" is blank; give the name that the body passes to Drill.trigger, or remove it");
        }
    }

    @Test
    void a_schedule_that_is_over_only_after_a_lifetime_is_refused() {
        Duration century = Duration.ofDays(36_500);
        String advice = " is longer than 876000h, which is 100 years; use a shorter duration";
        refused(() -> Schedule.now().after(Duration.ofDays(365 * 300)), "after 2628000h" + advice);
        refused(() -> Schedule.now().lasting(Duration.ofDays(365 * 300)), "lasting 2628000h" + advice);
        refused(() -> Schedule.now().every(Duration.ofDays(365 * 300), 3), "every 2628000h" + advice);
        refused(() -> Schedule.now().within(Duration.ofDays(365 * 300)), "within 2628000h" + advice);
        refused(() -> Schedule.now().after(ofMillis(-1)), "after -1ms is negative; allowed is 0ms or more");
        refused(
                () -> Schedule.now().after(century).lasting(ofMillis(1)),
                "after 876000h and lasting 1ms together come to 3153600000.001s; allowed is up to 876000h");
        refused(
                () -> Schedule.now().every(century, 3),
                "every 876000h and times 3 together come to 1752000h; allowed is up to 876000h");
        assertThat(Schedule.now()
                        .every(century.dividedBy(9_999), Schedule.MAX_TIMES)
                        .windows(CHANCE))
                .hasSize(Schedule.MAX_TIMES);
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }
}
