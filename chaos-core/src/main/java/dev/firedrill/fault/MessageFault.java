package dev.firedrill.fault;

/**
 * A fault of single messages of a protocol.
 *
 * @since 0.1
 */
public sealed interface MessageFault extends Fault
        permits Corrupt, DelayMessage, DropMessage, Duplicate, KillBeforeReply, Reorder {

    /**
     * Which messages are meant.
     *
     * @return protocol, command and pattern
     */
    Messages messages();

    /**
     * Which way they go.
     *
     * @return requests, replies, or both
     */
    Direction direction();

    @Override
    default Place place() {
        return Place.LINK;
    }

    @Override
    default Candidate candidate() {
        return Candidate.MESSAGE;
    }
}
