package dev.firedrill.fault;

import java.time.Duration;

/**
 * Closes connections that have become so old, as servers and balancers do that limit how long one may live.
 *
 * <p>On the wire: each connection is closed in good order both ways when it is {@code age} old, counted from when its service
 * was reached, or from the beginning of the fault if it was open already. What came before passes, wherever another fault
 * holds it, and the end behind it; what comes later is lost. A typical client finds a pooled connection closed when it wants
 * to use it, or a reply that ends in its middle. {@link LimitData} does the same by bytes. Healing leaves connections alone
 * that were not closed yet; those that were stay closed. Engines: embedded, so not between containers. It has no direction:
 * both ends see it. Semantics: {@code max_connection_age} of Envoy and gRPC, without their grace.
 *
 * @param age how old a connection gets; at least zero, zero to close it at once
 * @since 0.1
 */
public record Disconnect(Duration age) implements Fault {

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the age is negative or longer than 100 years
     */
    public Disconnect {
        Checks.notNegative("disconnect", "age", age);
    }

    @Override
    public String kind() {
        return "disconnect";
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
