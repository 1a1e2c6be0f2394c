package dev.firedrill.report;

/**
 * One choice of chance, with its site.
 *
 * @param step the step's id
 * @param link the link's name; empty if the choice is not about traffic
 * @param connection the connection's number on the link in the order of acceptance, from 0; -1 if there is none
 * @param direction {@code upstream} or {@code downstream}; empty if there is none
 * @param unit the offset of the message's first byte in its direction, or the number of the occurrence, or of the message for
 *     a fault of messages
 * @param purpose what was chosen: {@code hit}, {@code delay}
 * @param value what came out, such as {@code true}, {@code forced} or {@code 312ms}
 * @since 0.1
 */
public record Choice(
        String step, String link, int connection, String direction, long unit, String purpose, String value) {}
