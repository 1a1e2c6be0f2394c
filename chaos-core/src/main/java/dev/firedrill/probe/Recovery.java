package dev.firedrill.probe;

import java.time.Duration;

/**
 * When the system was well again, as exactly as it was sampled.
 *
 * <p>The true moment lies in {@code (notBefore, time]}: at {@code notBefore} the last bad sample began, at {@code time} the
 * first sample of the held run ended.
 *
 * @param from what the clock started at
 * @param notBefore the start of the last bad sample; zero if there was none
 * @param time the time to recover: the end of the first sample of the held run
 * @since 0.1
 */
public record Recovery(From from, Duration notBefore, Duration time) {

    /**
     * What recovery is measured from.
     *
     * @since 0.1
     */
    public enum From {
        /** The later of the last heal and the end of the body. */
        HEAL,
        /**
         * The first effect of the fault, which stays in force while recovery is judged: fail-over. While the body runs, only
         * a steady state that may be sampled beside it can be seen to come back.
         */
        EFFECT
    }
}
