package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which messages of a link a message fault is about.
 *
 * <p>A message is what the protocol calls one: a command or reply of Redis, a message of PostgreSQL, a request or response of
 * HTTP/1.1, a frame of AMQP 0-9-1 (a publication or delivery with its header and body), a line, a length-prefixed block. What
 * does not parse, or is longer than 1 MiB, passes unharmed, and the report says so.
 *
 * @param framing the protocol: {@code resp}, {@code postgresql}, {@code http}, {@code amqp}, {@code line}, {@code
 *     length:4}, or the name of a {@code dev.firedrill.spi.Framer}; empty for "found from the first bytes that the caller
 *     says"
 * @param command the only command that is meant, such as {@code SET}, {@code DataRow}, {@code POST} or {@code
 *     basic.publish}, in any case of letters; empty for all
 * @param pattern a regular expression that has to be found in the message, whose bytes are read as ISO 8859-1; empty for all
 * @since 0.1
 */
public record Messages(String framing, String command, String pattern) {

    private static final String LENGTH = "length";

    /** All messages of a protocol that is found from the first bytes. */
    public static final Messages ALL = new Messages("", "", "");

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the pattern is no regular expression, or a command is wanted of messages that have none
     */
    public Messages {
        requireNonNull(framing, "framing");
        requireNonNull(command, "command");
        if (!command.isEmpty() && (framing.equals(LENGTH) || framing.startsWith(LENGTH + ":"))) {
            throw new IllegalArgumentException("command \"" + command + "\" can't be found in framing " + framing
                    + ", whose messages have no commands; select them by pattern, or leave command out");
        }
        try {
            Pattern.compile(requireNonNull(pattern, "pattern"));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "pattern \"" + pattern + "\" is no regular expression: " + e.getDescription()
                            + "; see java.util.regex.Pattern, and quote what is meant literally by \\Q...\\E",
                    e);
        }
    }

    /**
     * What is meant, for messages.
     *
     * @return such as {@code command SET matching "x"}
     */
    public String described() {
        String text = (framing.isEmpty() ? "" : "framing " + framing + " ")
                + (command.isEmpty() ? "" : "command " + command + " ")
                + (pattern.isEmpty() ? "" : "pattern \"" + pattern + "\"");
        return text.isEmpty() ? "any" : text.strip();
    }

    /**
     * The same in a named protocol.
     *
     * @param name see {@link #framing()}
     * @return a changed copy
     */
    public Messages framed(String name) {
        return new Messages(name, command, pattern);
    }

    /**
     * Only one command.
     *
     * @param name see {@link #command()}
     * @return a changed copy
     */
    public Messages command(String name) {
        return new Messages(framing, name, pattern);
    }

    /**
     * Only those in which something is found.
     *
     * @param expression see {@link #pattern()}
     * @return a changed copy
     */
    public Messages matching(String expression) {
        return new Messages(framing, command, expression);
    }
}
