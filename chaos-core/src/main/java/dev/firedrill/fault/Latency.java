package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Delays what passes over a link.
 *
 * <p>On the wire: each message is held for {@code delay}, give or take up to {@code jitter}, then passed on; order is kept
 * and messages are held side by side (pipelined), so that throughput is not limited (until 16 MiB of a direction are under
 * way at once, when the sender has to wait). Connecting is not delayed; the end of the stream keeps its place behind the
 * bytes before it. A typical client sees slow replies, and time-outs where its limit is lower. Healing releases what is
 * held, in order. Engines: embedded, and Toxiproxy for whole milliseconds. Semantics: Toxiproxy's {@code latency} toxic, with jitter
 * drawn by the seed but between containers.
 *
 * @param delay the mean delay, at least zero
 * @param jitter the largest deviation from the mean, uniformly drawn; at most {@code delay}, zero for none
 * @param direction which way is slow; replies by default, so that a round trip costs {@code delay} more
 * @since 0.1
 */
public record Latency(Duration delay, Duration jitter, Direction direction) implements Fault {

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the delay or the jitter is negative, or the jitter is larger than the delay
     */
    public Latency {
        Checks.notNegative("latency", "delay", delay);
        Checks.notNegative("latency", "jitter", jitter);
        requireNonNull(direction, "direction");
        if (jitter.compareTo(delay) > 0) {
            throw new IllegalArgumentException("latency: jitter " + Checks.text(jitter) + " is larger than delay "
                    + Checks.text(delay) + ", which would deliver before the message was sent; allowed is 0ms.."
                    + Checks.text(delay));
        }
    }

    /**
     * A delay with jitter on replies.
     *
     * @param delay the mean delay
     * @param jitter the largest deviation from the mean
     */
    public Latency(Duration delay, Duration jitter) {
        this(delay, jitter, Direction.DOWNSTREAM);
    }

    /**
     * A constant delay on replies.
     *
     * @param delay the delay
     */
    public Latency(Duration delay) {
        this(delay, Duration.ZERO);
    }

    @Override
    public String kind() {
        return "latency";
    }

    @Override
    public Place place() {
        return Place.LINK;
    }

    @Override
    public Candidate candidate() {
        return Candidate.MESSAGE;
    }
}
