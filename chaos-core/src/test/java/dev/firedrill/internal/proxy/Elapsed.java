package dev.firedrill.internal.proxy;

import java.time.Duration;

/** The time since its start. */
final class Elapsed {

    private final long start = System.nanoTime();

    static Elapsed start() {
        return new Elapsed();
    }

    Duration time() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
