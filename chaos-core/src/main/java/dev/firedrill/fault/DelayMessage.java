package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * Holds single messages of a protocol back.
 *
 * <p>On the wire: a message that is hit is held for {@code delay}, and what is behind it waits, so that order is kept.
 * Where all messages are to be slow, {@link Latency} is what is meant. Healing lets go of what is held. Bytes that are
 * no message of the protocol pass unharmed, and the report says so. Engine: embedded; chance is drawn for each message
 * that is meant, by its number on the connection.
 *
 * @param delay how long; more than zero
 * @param messages which ones are meant
 * @param direction which way they go; requests by default
 * @since 0.1
 */
public record DelayMessage(Duration delay, Messages messages, Direction direction) implements MessageFault {

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the delay is not positive, or longer than 100 years
     */
    public DelayMessage {
        Checks.positive("delay-message", "delay", delay);
        requireNonNull(messages, "messages");
        requireNonNull(direction, "direction");
    }

    /**
     * On requests.
     *
     * @param delay how long
     * @param messages which ones are meant
     */
    public DelayMessage(Duration delay, Messages messages) {
        this(delay, messages, Direction.UPSTREAM);
    }

    @Override
    public String kind() {
        return "delay-message";
    }
}
