package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import java.time.Duration;

/**
 * Toxiproxy's {@code latency} to the letter: the jitter may be larger than the delay, and a delay below zero is none.
 *
 * @param delay the mean; may be negative
 * @param jitter the largest deviation; may be negative, which means the same
 * @param direction which way
 */
public record Lag(Duration delay, Duration jitter, Direction direction) implements Fault {

    @Override
    public String kind() {
        return "lag";
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
