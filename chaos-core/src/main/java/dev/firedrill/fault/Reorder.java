package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Lets messages of a protocol be overtaken by the one behind them.
 *
 * <p>On the wire: a message that is hit is held until the next one has passed, and for {@code patience} at most, since a
 * caller that waits for a reply sends no next one: then it passes in its order, and nothing has taken effect. Healing
 * lets go of what is held. Bytes that are no message of the protocol pass unharmed, and the report says so. Engine:
 * embedded; chance is drawn for each message that is meant, by its number on the connection.
 *
 * @param patience how long the next message is waited for; more than zero
 * @param messages which ones are meant
 * @param direction which way they go; requests by default
 * @since 0.1
 */
public record Reorder(Duration patience, Messages messages, Direction direction) implements MessageFault {

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the time is not positive, or longer than 100 years
     */
    public Reorder {
        Checks.positive("reorder", "patience", patience);
        requireNonNull(messages, "messages");
        requireNonNull(direction, "direction");
    }

    /**
     * On requests.
     *
     * @param patience how long the next message is waited for
     * @param messages which ones are meant
     */
    public Reorder(Duration patience, Messages messages) {
        this(patience, messages, Direction.UPSTREAM);
    }

    @Override
    public String kind() {
        return "reorder";
    }
}
