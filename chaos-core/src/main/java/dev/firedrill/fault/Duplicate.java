package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

/**
 * Delivers messages of a protocol twice.
 *
 * <p>On the wire: a message that is hit is followed by a copy of itself. A server does twice what is not idempotent; a
 * client gets a reply too many, and takes it for that of its next request. Bytes that are no message of the protocol
 * pass unharmed, and the report says so. Engine: embedded; chance is drawn for each message that is meant, by its number
 * on the connection.
 *
 * @param messages which ones are meant
 * @param direction which way they go; requests by default
 * @since 0.1
 */
public record Duplicate(Messages messages, Direction direction) implements MessageFault {

    /**
     * Checks the arguments.
     *
     * @throws NullPointerException if one is null
     */
    public Duplicate {
        requireNonNull(messages, "messages");
        requireNonNull(direction, "direction");
    }

    /**
     * On requests.
     *
     * @param messages which ones are meant
     */
    public Duplicate(Messages messages) {
        this(messages, Direction.UPSTREAM);
    }

    @Override
    public String kind() {
        return "duplicate";
    }
}
