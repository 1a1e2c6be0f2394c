package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

/**
 * Swallows everything, as a firewall that drops packets does.
 *
 * <p>On the wire: bytes and the end of the stream vanish in each covered direction; connections stay open and new ones are
 * accepted, but nothing comes back. A typical client hangs until its own time-out. Healing resets (RST) the connections
 * that lost bytes, since their streams have a hole; untouched ones go on. Engines: embedded; Toxiproxy between
 * containers, where healing closes all connections, for it can't tell them apart. Semantics: Toxiproxy's {@code
 * timeout} toxic with time-out 0.
 *
 * @param direction which way bytes vanish; both by default
 * @since 0.1
 */
public record Blackhole(Direction direction) implements Fault {

    /** Checks the argument. */
    public Blackhole {
        requireNonNull(direction, "direction");
    }

    /** A blackhole in both directions. */
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
