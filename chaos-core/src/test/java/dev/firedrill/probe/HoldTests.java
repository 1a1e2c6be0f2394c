package dev.firedrill.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.probe.Sample.Phase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HoldTests {

    private int clock;

    private Sample sample(boolean good) {
        clock += 100;
        return new Sample(
                "p", clock / 100, Phase.AFTER, Duration.ofMillis(clock), Duration.ofMillis(clock + 10), good, "");
    }

    @Test
    void holds_after_enough_good_samples_in_a_row() {
        Hold hold = new Hold(3);
        for (boolean good : new boolean[] {false, true, true, false, true, true}) {
            assertThat(hold.add(sample(good))).isFalse();
        }
        assertThat(hold.add(sample(true))).isTrue();
        assertThat(hold.firstGood()).get().extracting(Sample::attempt).isEqualTo(5);
        assertThat(hold.lastBad()).get().extracting(Sample::attempt).isEqualTo(4);
    }

    @Test
    void a_bad_sample_breaks_a_hold_that_was_reached() {
        Hold hold = new Hold(1);
        assertThat(hold.add(sample(true))).isTrue();
        assertThat(hold.add(sample(false))).isFalse();
        assertThat(hold.firstGood()).isEmpty();
    }
}
