package dev.firedrill.internal;

import dev.firedrill.spi.TimeSource;
import java.time.Instant;

/** The machine's clock. */
public enum SystemTime implements TimeSource {
    /** The only one. */
    CLOCK;

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant now() {
        return Instant.now();
    }
}
