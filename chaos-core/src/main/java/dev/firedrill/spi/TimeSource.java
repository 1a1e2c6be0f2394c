package dev.firedrill.spi;

import java.time.Instant;

/**
 * The clock of an experiment; the only place from which time is read.
 *
 * <p>Safe for concurrent use.
 *
 * @since 0.1
 */
public interface TimeSource {

    /**
     * A monotonic reading.
     *
     * @return nanoseconds from an arbitrary origin
     */
    long nanos();

    /**
     * The time of day, for people.
     *
     * @return now
     */
    Instant now();
}
