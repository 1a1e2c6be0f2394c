package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Messages;
import dev.firedrill.internal.message.Framers;
import dev.firedrill.spi.Framer;
import dev.firedrill.spi.Framer.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a fault tells the messages that are meant from others, on all connections of a link. Safe for concurrent use. */
final class Protocol {

    private final Messages messages;
    private final @Nullable Pattern pattern;
    private final @Nullable Framer named;
    private final Framers.Search search = new Framers.Search();

    Protocol(Messages messages) {
        this.messages = messages;
        this.pattern = messages.pattern().isEmpty() ? null : Pattern.compile(messages.pattern());
        this.named = messages.framing().isEmpty() ? null : Framers.named(messages.framing());
    }

    /** The framer that is named, or found from the first bytes; null if there is none so far. */
    @Nullable
    Framer framer(ByteBuffer first) {
        return named == null ? search.find(first) : named;
    }

    boolean mayBeFound(ByteBuffer first) {
        return search.mayBeFound(first);
    }

    boolean means(Frame frame, ByteBuffer message) {
        if (!messages.command().isEmpty() && !messages.command().equalsIgnoreCase(frame.command())) {
            return false;
        }
        return pattern == null
                || pattern.matcher(StandardCharsets.ISO_8859_1.decode(message)).find();
    }
}
