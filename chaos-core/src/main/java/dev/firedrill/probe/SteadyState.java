package dev.firedrill.probe;

import static java.util.Objects.requireNonNull;

import dev.firedrill.schedule.Durations;
import java.time.Duration;

/**
 * What must hold before a fault, and again after healing.
 *
 * @param name a sentence for the report, such as "cart accepts items"
 * @param probe one observation
 * @param every from the end of one sample to the start of the next; also the resolution of the measured recovery
 * @param timeout how long one sample may take before it counts as bad and is interrupted
 * @param hold how many samples in a row must be good
 * @param during whether the probe may also run beside the body, so that impact is measured; its client must be thread-safe,
 *     and should have a link of its own ({@link Probe#hasOwnLink}), for otherwise a short body can't be told from the probe
 * @since 0.1
 */
public record SteadyState(String name, Probe probe, Duration every, Duration timeout, int hold, boolean during) {

    /** From the end of one sample to the start of the next, unless said otherwise. */
    public static final Duration DEFAULT_EVERY = Duration.ofMillis(100);

    /** How long one sample may take, unless said otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

    /** How many samples in a row must be good, unless said otherwise. */
    public static final int DEFAULT_HOLD = 3;

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the name is blank, a duration is not positive or {@code hold} is outside 1..1000
     */
    public SteadyState {
        requireNonNull(probe, "probe");
        if (name.isBlank()) {
            throw new IllegalArgumentException(
                    "steady state: the name is blank; say what holds, such as \"cart works\"");
        }
        positive(name, "every", every);
        positive(name, "timeout", timeout);
        if (hold < 1 || hold > 1000) {
            throw new IllegalArgumentException(
                    "steady state \"" + name + "\": hold " + hold + " is outside 1..1000; 3 is the default");
        }
    }

    private static void positive(String name, String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("steady state \"" + name + "\": " + what + " " + Durations.format(value)
                    + " is not positive; write for example 100ms");
        }
        Durations.checkLength("steady state \"" + name + "\": " + what, value);
    }

    /**
     * A steady state with the default numbers.
     *
     * @param name a sentence for the report
     * @param probe one observation
     * @return the steady state
     */
    public static SteadyState of(String name, Probe probe) {
        return new SteadyState(name, probe, DEFAULT_EVERY, DEFAULT_TIMEOUT, DEFAULT_HOLD, false);
    }

    /**
     * Changes the distance of samples.
     *
     * @param distance from the end of one sample to the start of the next
     * @return a changed copy
     */
    public SteadyState every(Duration distance) {
        return new SteadyState(name, probe, distance, timeout, hold, during);
    }

    /**
     * Changes the time-out of a sample.
     *
     * @param limit how long one sample may take
     * @return a changed copy
     */
    public SteadyState timeout(Duration limit) {
        return new SteadyState(name, probe, every, limit, hold, during);
    }

    /**
     * Changes the length of the hold.
     *
     * @param samples how many samples in a row must be good
     * @return a changed copy
     */
    public SteadyState hold(int samples) {
        return new SteadyState(name, probe, every, timeout, samples, during);
    }

    /**
     * Also samples beside the body.
     *
     * @param beside whether the probe may run while the body does
     * @return a changed copy
     */
    public SteadyState during(boolean beside) {
        return new SteadyState(name, probe, every, timeout, hold, beside);
    }
}
