package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

/**
 * Closes connections after so many bytes.
 *
 * <p>On the wire: of each connection, open already or opened under the fault, exactly {@code bytes} bytes that come under
 * the fault are passed on in each covered direction; with the last of them, or with the first byte if there are to be none,
 * the connection is closed in good order both ways. A typical client sees a reply that ends in its middle. Healing leaves
 * connections alone that were not closed yet; those that were stay closed. Engines: embedded, and Toxiproxy between
 * containers, where whoever still sends may see a reset instead. Semantics: Toxiproxy's {@code limit_data} toxic.
 *
 * @param bytes how many pass; at least zero
 * @param direction which way they are counted, each by itself; replies by default
 * @since 0.1
 */
public record LimitData(long bytes, Direction direction) implements Fault {

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the number of bytes is negative
     */
    public LimitData {
        requireNonNull(direction, "direction");
        if (bytes < 0) {
            throw new IllegalArgumentException("limit-data: bytes " + bytes + " is negative; allowed is 0 or more");
        }
    }

    /**
     * A limit on replies.
     *
     * @param bytes how many pass
     */
    public LimitData(long bytes) {
        this(bytes, Direction.DOWNSTREAM);
    }

    @Override
    public String kind() {
        return "limit-data";
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
