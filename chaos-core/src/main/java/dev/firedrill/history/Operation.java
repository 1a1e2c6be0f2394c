package dev.firedrill.history;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One thing the test did.
 *
 * @param index its number in the order of starting, from 0
 * @param name what was done, such as "pay"; the body itself is {@value #BODY}
 * @param begin the offset from the start of the experiment at which it began
 * @param end the offset at which it ended
 * @param input what went in; null if nothing was given
 * @param output what came out; null if nothing did
 * @param outcome how it ended
 * @param error the failure's text; null if it is OK
 * @since 0.1
 */
public record Operation(
        int index,
        String name,
        Duration begin,
        Duration end,
        @Nullable Object input,
        @Nullable Object output,
        Outcome outcome,
        @Nullable String error) {

    /** The name of the operation that is the test's body. */
    public static final String BODY = "body";

    /**
     * How an operation ended.
     *
     * @since 0.1
     */
    public enum Outcome {
        /** It was acknowledged. */
        OK,
        /** Its caller was told that it failed. */
        FAILED,
        /** Nobody knows whether it took effect: it timed out, was interrupted, lost its connection, or had not ended. */
        UNKNOWN
    }

    /**
     * How long it took.
     *
     * @return the time between its begin and its end
     */
    public Duration took() {
        return end.minus(begin);
    }
}
