package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Cuts connections by TCP reset.
 *
 * <p>On the wire: every connection of the link, open already or opened under the fault, is closed by RST {@code delay}
 * after its first byte under the fault; until then everything passes. A typical client sees {@code Connection reset}; what
 * was in flight is lost. Healing
 * leaves connections alone that were not reset yet; those that were stay closed. Engines: embedded, so not between containers. Semantics: Toxiproxy's
 * {@code reset_peer} toxic, which swallows what comes until then, but with a real RST on open connections too, and not before
 * a byte was sent, so that the reset
 * always hits an exchange.
 *
 * @param delay how long after the first byte; at least zero, zero for at once
 * @param direction who sees the reset: {@code DOWNSTREAM} the caller, {@code UPSTREAM} the service, {@code BOTH} both (the
 *     default); the other end sees an orderly close. Bytes of either direction start the delay
 * @since 0.1
 */
public record ResetPeer(Duration delay, Direction direction) implements Fault {

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the delay is negative or longer than 100 years
     */
    public ResetPeer {
        Checks.notNegative("reset-peer", "delay", delay);
        requireNonNull(direction, "direction");
    }

    /**
     * A reset seen by both ends.
     *
     * @param delay how long after the first byte
     */
    public ResetPeer(Duration delay) {
        this(delay, Direction.BOTH);
    }

    /** An immediate reset seen by both ends. */
    public ResetPeer() {
        this(Duration.ZERO);
    }

    @Override
    public String kind() {
        return "reset-peer";
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
