package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Cuts what passes over a link into small pieces.
 *
 * <p>On the wire: each connection's stream is cut every {@code size} bytes, give or take up to {@code variation}, in each
 * covered direction, and nothing follows a piece for {@code delay}. Cuts are counted from the beginning of the stream, so
 * that how the bytes happen to be sent or read has no say in them; nothing is lost or reordered, and the sender is slowed
 * by back-pressure. A typical client that takes one read for one message finds parts of messages; without a delay the
 * network may put pieces together again. Healing lets everything held flow on, uncut. Engines: embedded, whose clock adds
 * up to a millisecond to each delay; Toxiproxy between containers for whole microseconds, which halves whatever it has read
 * until no piece is larger than {@code size} plus {@code variation}. Semantics: Toxiproxy's {@code slicer} toxic, with the
 * variation drawn by the seed but between containers.
 *
 * @param size bytes of a piece, on the average; at least 1
 * @param variation the largest deviation from it in bytes; at least zero for none, and less than {@code size}
 * @param delay how long nothing follows a piece; at least zero for none
 * @param direction which way is cut; both by default
 * @since 0.1
 */
public record Slice(int size, int variation, Duration delay, Direction direction) implements Fault {

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the size is less than 1, the variation negative or not less than the size, or the
     *     delay negative or longer than 100 years
     */
    public Slice {
        requireNonNull(direction, "direction");
        if (size < 1) {
            throw new IllegalArgumentException(
                    "slice: size " + size + " would make pieces without a byte; allowed is 1 or more bytes");
        }
        if (variation < 0 || variation >= size) {
            throw new IllegalArgumentException("slice: variation " + variation
                    + (variation < 0
                            ? " is negative"
                            : " is not less than size " + size + ", which would make pieces without a byte")
                    + "; allowed is 0.." + (size - 1) + " bytes");
        }
        Checks.notNegative("slice", "delay", delay);
    }

    /**
     * Pieces of one size in both directions.
     *
     * @param size bytes of a piece
     * @param delay how long nothing follows a piece
     */
    public Slice(int size, Duration delay) {
        this(size, 0, delay, Direction.BOTH);
    }

    /**
     * Pieces of one size in both directions, without a delay.
     *
     * @param size bytes of a piece
     */
    public Slice(int size) {
        this(size, Duration.ZERO);
    }

    @Override
    public String kind() {
        return "slice";
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
