package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

/**
 * Changes the content of messages so that their framing stays valid.
 *
 * <p>On the wire: the payload of a message that is hit changes as {@code how} says, and lengths are written anew where
 * they have to be, so that the other side accepts it, and stores it: the longest argument behind the key of a Redis
 * command, or the longest string of a reply; the longest value of a PostgreSQL row or of a statement's parameters; the
 * body of an HTTP message; the body of an AMQP publication or delivery (its first frame); a line; a length-prefixed block. Text stays
 * text: letters become letters, digits digits, and ASCII no control character. A message without such a part is not
 * meant. Bytes that are no message of the protocol pass unharmed, and the report says so. Engine: embedded; chance is
 * drawn for each message that is meant, by its number on the connection.
 *
 * @param how what happens to the payload
 * @param messages which ones are meant
 * @param direction which way they go; requests by default
 * @since 0.1
 */
public record Corrupt(How how, Messages messages, Direction direction) implements MessageFault {

    /**
     * Checks the arguments.
     *
     * @throws NullPointerException if one is null
     */
    public Corrupt {
        requireNonNull(how, "how");
        requireNonNull(messages, "messages");
        requireNonNull(direction, "direction");
    }

    /**
     * On requests.
     *
     * @param how what happens to the payload
     * @param messages which ones are meant
     */
    public Corrupt(How how, Messages messages) {
        this(how, messages, Direction.UPSTREAM);
    }

    @Override
    public String kind() {
        return "corrupt";
    }

    /**
     * What happens to a payload.
     *
     * @since 0.1
     */
    public enum How {
        /** One bit of one byte is turned. */
        BIT_FLIP,
        /** It ends early; what is left is shorter by one byte at least. */
        TRUNCATE,
        /** Every letter and digit is replaced by another one; where there are none, every byte. */
        GARBLE
    }
}
