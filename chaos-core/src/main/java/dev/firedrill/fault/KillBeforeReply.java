package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

/**
 * Ends a node without warning after it has done what a request asks for and before its caller hears of it.
 *
 * <p>On the wire: a request that is hit passes untouched; the node's answer to it is withheld, and when all of it has come the
 * node is killed, as {@link Kill} does. A typical client sees its connection reset and can't know whether its request was
 * carried out; one that sends it again without thinking has it done twice. The framer tells the answer from notices, pushes and
 * answers to earlier requests, which pass: of PostgreSQL it is all up to {@code ReadyForQuery}, of a turn in which something is
 * executed (a statement that is only prepared or described does nothing yet); of HTTP the final response; of Redis the reply to
 * that request, or to {@code EXEC} if it was queued; of AMQP what comes on the same channel, and of a publication its confirm.
 * Where the framer can't tell, or can't read what comes, it is whatever the node says next. Healing starts the node again on the
 * same data. Engine: node engine, on processes and containers, for requests of the test; chance is drawn for each message that
 * is meant, by its number on the connection.
 *
 * @param messages which requests are meant; one that changes nothing on the node makes the fault a plain kill
 * @since 0.1
 */
public record KillBeforeReply(Messages messages) implements MessageFault {

    /**
     * Checks the argument.
     *
     * @throws NullPointerException if it is null
     */
    public KillBeforeReply {
        requireNonNull(messages, "messages");
    }

    @Override
    public Direction direction() {
        return Direction.UPSTREAM;
    }

    @Override
    public String kind() {
        return "kill-before-reply";
    }
}
