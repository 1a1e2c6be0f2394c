package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Messages;
import dev.firedrill.internal.message.Framers;
import dev.firedrill.spi.Framer;
import dev.firedrill.spi.Framer.Frame;
import java.io.Serial;
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

    boolean readsAs(Protocol other) {
        return messages.framing().equals(other.messages.framing());
    }

    boolean mayBeFound(ByteBuffer first) {
        return search.mayBeFound(first);
    }

    boolean meansCommand(String command) {
        return messages.command().isEmpty() || messages.command().equalsIgnoreCase(command);
    }

    /**
     * Says whether a message is meant.
     *
     * @throws ExhaustedException if the pattern takes too long to tell
     */
    boolean means(Frame frame, ByteBuffer message) {
        if (!meansCommand(frame.command())) {
            return false;
        }
        if (pattern == null) {
            return true;
        }
        try {
            return pattern.matcher(new Bounded(StandardCharsets.ISO_8859_1.decode(message)))
                    .find();
        } catch (StackOverflowError e) {
            throw new ExhaustedException();
        }
    }

    /** A pattern that goes back and forth could otherwise hold up every link. */
    static final class ExhaustedException extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1;

        private ExhaustedException() {
            super("the pattern is too expensive for it", null, false, false);
        }
    }

    /** Text that may be looked at so often. */
    private static final class Bounded implements CharSequence {

        private static final long STEPS_A_CHARACTER = 20;
        private static final long STEPS = 1_000_000;

        private final CharSequence text;
        private long left;

        Bounded(CharSequence text) {
            this.text = text;
            this.left = STEPS + STEPS_A_CHARACTER * text.length();
        }

        @Override
        public char charAt(int index) {
            if (left-- <= 0) {
                throw new ExhaustedException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
