package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

/**
 * Limits how many bytes a second pass over each connection of a link.
 *
 * <p>On the wire: bytes are passed on no faster than {@code rate} in each covered direction of each connection, nothing is
 * lost, and the sender is slowed by back-pressure. Rate zero stalls the connection. A typical client sees large replies
 * crawl, and time-outs at rate zero. Healing lets everything held flow on. Engines: embedded, and Toxiproxy for whole KB/s. Semantics: Toxiproxy's
 * {@code bandwidth} toxic.
 *
 * @param rate bytes a second, zero to stall
 * @param direction which way is narrow; both by default
 * @since 0.1
 */
public record Bandwidth(DataRate rate, Direction direction) implements Fault {

    /** Checks the arguments. */
    public Bandwidth {
        requireNonNull(rate, "rate");
        requireNonNull(direction, "direction");
    }

    /**
     * A limit in both directions.
     *
     * @param rate bytes a second, zero to stall
     */
    public Bandwidth(DataRate rate) {
        this(rate, Direction.BOTH);
    }

    @Override
    public String kind() {
        return "bandwidth";
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
