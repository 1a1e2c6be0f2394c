package dev.firedrill.fault;

import java.time.Duration;

/**
 * Makes new connections wait for the service, as a server does that is too busy to accept them.
 *
 * <p>On the wire: a new connection is accepted at once, as a kernel does for a server whose backlog is not full, and nothing
 * is read from it; only {@code delay} later the service is connected, and what the caller has sent meanwhile is delivered.
 * Open connections go on untouched. A typical client connects without noticing, so that its connect time-out is not what
 * helps, and waits for a greeting, a handshake or the first reply, until its read time-out where that is lower. The effect is
 * counted when a connection begins to wait. Healing lets those that wait go on at once. Several of them add up. Engines:
 * embedded, so not between containers. It has no direction: only callers connect. Semantics: {@code accept(2)} and {@code
 * listen(2)} of Linux.
 *
 * @param delay how long a new connection waits; more than zero
 * @since 0.1
 */
public record SlowConnect(Duration delay) implements Fault {

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the delay is not positive, or longer than 100 years
     */
    public SlowConnect {
        Checks.positive("slow-connect", "delay", delay);
    }

    @Override
    public String kind() {
        return "slow-connect";
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
