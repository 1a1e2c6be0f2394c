package dev.firedrill.fault;

/**
 * Takes the service's end of connections away and tells the caller nothing, as a power cut does, or a router that has forgotten
 * them.
 *
 * <p>On the wire: each connection, open already or opened under the fault, is reset (RST) on the side of the service at once;
 * on the side of the caller it stays open, bytes and the end of the stream vanish, and nothing comes back any more. What
 * other faults hold of it is lost. A typical client does not notice until it asks, and then hangs until its own time-out, a
 * heartbeat or a keep-alive; the service meanwhile has rolled back, has let go of locks, and has given messages to others.
 * That is what {@link Blackhole} does not show: under it both ends are alive, the service holds what the connection holds, and
 * nothing tells it. A connection that was idle counts as touched when its caller speaks. Healing resets (RST) the callers of
 * these connections, as a host does that is back and does not know them; those that were not hit go on. Engines: embedded, so
 * not between containers. It has no direction: the two ends differ. Semantics: half-open connections of RFC 9293 (3.5.1), with
 * a peer that is not back yet.
 *
 * @since 0.1
 */
public record HalfOpen() implements Fault {

    @Override
    public String kind() {
        return "half-open";
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
