package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Delays the end of connections.
 *
 * <p>On the wire: bytes pass untouched; the end of the stream, be it in good order or a reset, arrives {@code delay} after it
 * was read, in each covered direction. A direction that has not ended goes on meanwhile. A typical client that reads to the
 * end waits for it, and a pool takes a connection for open that its service has closed. Healing passes on the ends that are
 * held. Engines: embedded, and Toxiproxy between containers for whole milliseconds. Semantics: Toxiproxy's {@code
 * slow_close} toxic.
 *
 * @param delay how long; at least zero
 * @param direction which way ends are late; both by default
 * @since 0.1
 */
public record SlowClose(Duration delay, Direction direction) implements Fault {

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the delay is negative or longer than 100 years
     */
    public SlowClose {
        Checks.notNegative("slow-close", "delay", delay);
        requireNonNull(direction, "direction");
    }

    /**
     * A delay in both directions.
     *
     * @param delay how long
     */
    public SlowClose(Duration delay) {
        this(delay, Direction.BOTH);
    }

    @Override
    public String kind() {
        return "slow-close";
    }

    @Override
    public Place place() {
        return Place.LINK;
    }

    @Override
    public Candidate candidate() {
        return Candidate.CONNECTION;
    }
}
