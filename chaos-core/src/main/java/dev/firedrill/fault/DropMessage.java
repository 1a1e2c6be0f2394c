package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

/**
 * Swallows messages of a protocol, and nothing else.
 *
 * <p>On the wire: a message that is hit never arrives; those before and after it do. A typical client waits for a reply
 * until its time-out; one that sends ahead takes the next reply for that of the lost request. Bytes that are no message
 * of the protocol pass unharmed, and the report says so. Engine: embedded; chance is drawn for each message that is
 * meant, by its number on the connection.
 *
 * @param messages which ones are meant
 * @param direction which way they go; requests by default
 * @since 0.1
 */
public record DropMessage(Messages messages, Direction direction) implements MessageFault {

    /**
     * Checks the arguments.
     *
     * @throws NullPointerException if one is null
     */
    public DropMessage {
        requireNonNull(messages, "messages");
        requireNonNull(direction, "direction");
    }

    /**
     * On requests.
     *
     * @param messages which ones are meant
     */
    public DropMessage(Messages messages) {
        this(messages, Direction.UPSTREAM);
    }

    @Override
    public String kind() {
        return "drop-message";
    }
}
