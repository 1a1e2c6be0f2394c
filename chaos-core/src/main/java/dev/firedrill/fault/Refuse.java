package dev.firedrill.fault;

/**
 * Turns new connections away.
 *
 * <p>On the wire: a new connection is accepted and reset (RST) before a byte passes, so that each refusal can be counted;
 * open connections go on. A typical client sees {@code Connection reset} at its first read or write, or while it still
 * connects, never {@code Connection refused}, which no user-space proxy can count. Healing lets new connections through.
 * Engines: embedded, so not between containers. It has no direction: only callers connect.
 *
 * @since 0.1
 */
public record Refuse() implements Fault {

    @Override
    public String kind() {
        return "refuse";
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
