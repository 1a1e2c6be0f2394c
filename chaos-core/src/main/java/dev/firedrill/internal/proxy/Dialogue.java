package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Framer;
import dev.firedrill.spi.Framer.Conversation;
import dev.firedrill.spi.Framer.Frame;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How one fault reads the messages of one connection: both directions share what has been said. Confined to the io thread. */
final class Dialogue {

    private final Connection connection;
    private final LinkFault fault;
    private final Protocol protocol;
    private final boolean fromStart;
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

    boolean means(Frame frame, ByteBuffer message) {
        return protocol.means(frame, message);
    }

    /** Says whether the protocol is known by now. */
    boolean isOpen() {
        if (conversation == null) {
            framer = protocol.framer(connection.upstream().firstBytes());
            conversation = framer == null ? null : framer.open(fromStart);
        }
        return conversation != null;
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

    @Nullable
    Frame next(Direction direction, ByteBuffer bytes, int seen) {
        Conversation open = conversation;
        return open == null ? null : open.next(direction, bytes, seen);
    }

    byte[] replace(Direction direction, byte[] message, Frame frame, byte[] payload) {
        Conversation open = conversation;
        return open == null ? message : open.replace(direction, message, frame, payload);
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
