package dev.firedrill.probe;

import java.time.Duration;

/**
 * What one observation saw.
 *
 * @param probe the steady state's name
 * @param attempt its number in its phase, from 1
 * @param phase when it was taken
 * @param begin the offset from the start of the experiment at which it began
 * @param end the offset at which it ended
 * @param good whether the system was well
 * @param seen what was seen: "ok", or the error's text
 * @since 0.1
 */
public record Sample(String probe, int attempt, Phase phase, Duration begin, Duration end, boolean good, String seen) {

    /**
     * The part of the experiment that a sample belongs to.
     *
     * @since 0.1
     */
    public enum Phase {
        /** Before the fault. */
        BEFORE,
        /** Beside the body. */
        DURING,
        /** While recovery is judged. */
        AFTER
    }
}
