package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Swallows everything, as a firewall that drops packets does.
 *
 * <p>On the wire: bytes and the end of the stream vanish in each covered direction; connections stay open and new ones are
 * accepted, but nothing comes back. With a {@code timeout}, a connection is closed in good order when nothing has come
 * for that long since the fault took hold of it. A typical client hangs until its own time-out, or until then. Healing
 * resets (RST) the connections that lost bytes, since their streams have a hole; untouched ones go on. Engines: embedded;
 * Toxiproxy between containers, where healing closes all connections, for it can't tell them apart. Semantics:
 * Toxiproxy's {@code timeout} toxic.
 *
 * @param direction which way bytes vanish; both by default
 * @param timeout how long after the last byte that vanished a connection is closed; at least zero, zero (never) by default
 * @since 0.1
 */
public record Blackhole(Direction direction, Duration timeout) implements Fault {

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the time-out is negative or longer than 100 years
     */
    public Blackhole {
        requireNonNull(direction, "direction");
        Checks.notNegative("blackhole", "timeout", timeout);
    }

    /**
     * A blackhole that closes nothing.
     *
     * @param direction which way bytes vanish
     */
    public Blackhole(Direction direction) {
        this(direction, Duration.ZERO);
    }

    /** A blackhole in both directions that closes nothing. */
    public Blackhole() {
        this(Direction.BOTH);
    }

    @Override
    public String kind() {
        return "blackhole";
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
