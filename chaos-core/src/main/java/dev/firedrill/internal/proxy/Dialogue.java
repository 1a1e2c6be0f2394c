package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Framer;
import dev.firedrill.spi.Framer.Answer;
import dev.firedrill.spi.Framer.Conversation;
import dev.firedrill.spi.Framer.Frame;
import dev.firedrill.spi.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How one fault reads the messages of one connection: both directions share what has been said. Confined to the io thread. */
final class Dialogue {

    private final Connection connection;
    private final LinkFault fault;
    private final Protocol protocol;
    private boolean fromStart;
    private @Nullable Framer framer;
    private @Nullable Conversation conversation;
    private boolean told;

    Dialogue(Connection connection, LinkFault fault, Protocol protocol) {
        this.connection = connection;
        this.fault = fault;
        this.protocol = protocol;
        this.fromStart =
                connection.upstream().isFresh() && connection.downstream().isFresh();
    }

    Connection connection() {
        return connection;
    }

    LinkFault fault() {
        return fault;
    }

    boolean means(Direction direction, Frame frame, ByteBuffer message) {
        try {
            return protocol.means(frame, message);
        } catch (Protocol.ExhaustedException e) {
            unread(direction, String.valueOf(e.getMessage()));
            return false;
        }
    }

    /** Says whether the protocol is known by now. */
    boolean isOpen() {
        if (conversation == null) {
            framer = protocol.framer(connection.upstream().firstBytes());
            conversation = framer == null ? null : opened(framer);
        }
        return conversation != null;
    }

    private Conversation opened(Framer by) {
        try {
            return by.open(fromStart);
        } catch (RuntimeException e) {
            return new Conversation() { // a framer of one's own must not end the connection
                @Override
                public Frame next(Direction direction, ByteBuffer bytes, int seen) {
                    throw e;
                }

                @Override
                public byte[] replace(Direction direction, byte[] message, Frame frame, byte[] payload) {
                    return message;
                }
            };
        }
    }

    /** What an open framer says, or something harmless if it fails. */
    private <T> T ask(Function<Conversation, T> question, T otherwise) {
        Conversation open = conversation;
        try {
            return open == null ? otherwise : question.apply(open);
        } catch (RuntimeException e) {
            tell("the framer " + (framer == null ? "" : framer.name() + " ") + "failed on "
                    + connection.front().name() + ": " + e);
            return otherwise;
        }
    }

    /** Says whether what the caller says next may show the protocol. */
    boolean mayOpen() {
        ByteBuffer first = connection.upstream().firstBytes();
        if (protocol.mayBeFound(first)) {
            return true;
        }
        byte[] shown = new byte[first.remaining()];
        first.get(shown);
        tell("what " + connection.front().name() + " carries is of no protocol that is known: it begins with "
                + HexFormat.ofDelimiter(" ").formatHex(shown)
                + " (what is encrypted can't be read; other protocols are named by framing)");
        return false;
    }

    /**
     * The next message, null if it is not complete.
     *
     * @throws MalformedMessageException if it can't be read, be it because of its framer: one of a user's own must not end the
     *     connection
     */
    @Nullable
    Frame next(Direction direction, ByteBuffer bytes, int seen) {
        Conversation open = conversation;
        if (open == null) {
            return null;
        }
        Frame frame;
        try {
            frame = open.next(direction, bytes, seen);
        } catch (MalformedMessageException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new MalformedMessageException("its framer failed: " + e);
        }
        if (frame != null && !isWithin(frame, bytes.remaining())) {
            throw new MalformedMessageException("its framer returned " + frame + " of " + bytes.remaining() + " bytes");
        }
        return frame;
    }

    private static boolean isWithin(Frame frame, int rest) {
        return frame.length() > 0
                && frame.length() <= rest
                && frame.payload() >= 0
                && frame.payloadLength() >= 0
                && frame.payload() <= frame.length() - frame.payloadLength();
    }

    /** Says after how many bytes of a message that is not waited for it goes on; 0 if that can't be told. */
    long giveUp(Direction direction, ByteBuffer bytes) {
        return ask(open -> open.giveUp(direction, bytes), 0L);
    }

    boolean isWithinGivenUp(Direction direction) {
        return ask(open -> open.isWithinGivenUp(direction), false);
    }

    /** The command of a message that is not complete; empty if it is not known yet. */
    String begun(Direction direction) {
        return ask(open -> open.begun(direction), "");
    }

    /** Says whether no message of that command is meant, as far as it is known of one that is not complete. */
    boolean isAside(Direction direction) {
        String command = begun(direction);
        return !command.isEmpty() && !protocol.meansCommand(command);
    }

    void mark() {
        ask(
                open -> {
                    open.mark();
                    return true;
                },
                false);
    }

    Answer answer(Frame frame) {
        return ask(open -> open.answer(frame), Answer.WHOLE);
    }

    void altered(Direction direction, Frame frame, int copies) {
        ask(
                open -> {
                    open.altered(direction, frame, copies);
                    return true;
                },
                false);
    }

    /** The changed message; null if the framer fails, which is told. */
    byte @Nullable [] replace(Direction direction, byte[] message, Frame frame, byte[] payload) {
        Conversation open = conversation;
        try {
            return open == null ? null : open.replace(direction, message, frame, payload);
        } catch (RuntimeException e) {
            unread(direction, "its framer failed: " + e);
            return null;
        }
    }

    /** Goes on with what another one knows, if it reads the same protocol. */
    boolean inherit(Dialogue other) {
        if (!protocol.readsAs(other.protocol)) {
            return false;
        }
        framer = other.framer;
        conversation = other.conversation;
        fromStart = other.fromStart;
        return true;
    }

    /** Says whether the first bytes of the connection have been read as well. */
    boolean isFromStart() {
        return fromStart;
    }

    void unread(Direction direction, String why) {
        String name = framer == null ? "any protocol" : framer.name();
        tell("a part of what " + connection.front().name() + " carries "
                + direction.name().toLowerCase(Locale.ROOT) + " could not be read as " + name + ": " + why);
    }

    /** Once for each connection is enough. */
    private void tell(String what) {
        if (!told) {
            told = true;
            fault.unread(what + "; it passed unharmed");
        }
    }
}
