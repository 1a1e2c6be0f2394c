package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Loses packets, and sends them again as TCP does.
 *
 * <p>On the wire: of each message, every piece of at most 1,024 bytes is lost with the probability {@code rate} and sent again
 * {@code retransmit} later, where it may be lost again; each further wait is twice as long as the one before, and the seventh
 * attempt gets through. Nothing is missing or reordered in the end: everything behind a piece waits for it, the end of the
 * stream too, which is never lost itself. Connecting is not touched. A typical client sees most replies on time and a few by
 * {@code retransmit} late, sometimes by many times that. Healing releases what is held, in order. Engines: embedded, so not
 * between containers. Semantics: the retransmission timer of RFC 6298, whose least value is 200 ms in Linux. A stream in full
 * flow has it easier on a real network, where the packets behind tell of the loss before the timer does.
 *
 * <p>If none of the first {@code 2 / rate} pieces was lost, the next one is.
 *
 * @param rate how likely a piece is lost each time that it is sent; above 0 and below 1
 * @param retransmit how long after a loss it is sent again, the first time; more than zero, 200 ms by default
 * @param direction which way packets are lost; both by default
 * @since 0.1
 */
public record PacketLoss(double rate, Duration retransmit, Direction direction) implements Fault {

    private static final Duration LEAST_OF_LINUX = Duration.ofMillis(200);
    private static final Duration MOST = Duration.ofHours(1);

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the rate is not between 0 and 1, or the time is not positive or longer than an hour
     */
    public PacketLoss {
        if (!(rate > 0 && rate < 1)) {
            throw new IllegalArgumentException(
                    "packet-loss: rate " + rate + " is not between 0 and 1; write for example 0.05"
                            + " for one in twenty, or use blackhole to lose everything");
        }
        Checks.positive("packet-loss", "retransmit", retransmit);
        if (retransmit.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("packet-loss: retransmit " + Checks.text(retransmit)
                    + " is longer than any network waits; allowed is up to " + Checks.text(MOST));
        }
        requireNonNull(direction, "direction");
    }

    /**
     * Losses in both directions.
     *
     * @param rate how likely a piece is lost
     * @param retransmit how long after a loss it is sent again
     */
    public PacketLoss(double rate, Duration retransmit) {
        this(rate, retransmit, Direction.BOTH);
    }

    /**
     * Losses in both directions that are made good after 200 ms.
     *
     * @param rate how likely a piece is lost
     */
    public PacketLoss(double rate) {
        this(rate, LEAST_OF_LINUX);
    }

    @Override
    public String kind() {
        return "packet-loss";
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
