package dev.firedrill.internal.message;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Framer;
import dev.firedrill.spi.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Redis' protocol, versions 2 and 3. The command of a request is its first argument, that of a reply {@code reply}, {@code
 * error} or {@code push}.
 */
final class RespFramer implements Framer, Framer.Conversation {

    private static final int DEEPEST = 32;
    private static final long MOST_ELEMENTS = 1 << 20;

    @Override
    public String name() {
        return "resp";
    }

    @Override
    public Match match(ByteBuffer first) {
        if (first.remaining() == 0) {
            return Match.MORE;
        }
        if (Bytes.at(first, 0) != '*') {
            return Match.NO;
        }
        for (int i = 1; i < first.remaining(); i++) {
            int each = Bytes.at(first, i);
            if (each == '\r') {
                return i > 1 ? Match.YES : Match.NO;
            }
            if (each < '0' || each > '9') {
                return Match.NO;
            }
        }
        return Match.MORE;
    }

    @Override
    public Conversation open(boolean fromStart) {
        return this;
    }

    @Override
    public @Nullable Frame next(Direction direction, ByteBuffer bytes, int seen) {
        if (!bytes.hasRemaining()) {
            return null;
        }
        boolean request = direction == Direction.UPSTREAM;
        int type = Bytes.at(bytes, 0);
        if (request && type != '*') {
            int end = Bytes.endOfLine(bytes, 0); // an inline command, as telnet sends
            if (type < ' ' || type > '~') {
                throw new MalformedMessageException("a command begins with " + described(type));
            }
            return end < 0
                    ? null
                    : Frame.whole(end + 2, upper(Bytes.text(bytes, 0, end).split(" ", 2)[0]));
        }
        Reader reader = new Reader(bytes, request);
        int length = reader.value(0, 0);
        if (length < 0) {
            return null;
        }
        String command =
                request ? reader.command : type == '-' || type == '!' ? "error" : type == '>' ? "push" : "reply";
        return new Frame(length, command, reader.longest, reader.longestLength);
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    private static String described(int each) {
        return each > ' ' && each <= '~' ? "'" + (char) each + "'" : "byte " + each;
    }

    /** Reads one value, and remembers its longest string that may change. */
    private static final class Reader {

        private final ByteBuffer bytes;
        private final boolean request;
        private int strings;
        private String command = "";
        private int longest;
        private int longestLength;

        Reader(ByteBuffer bytes, boolean request) {
            this.bytes = bytes;
            this.request = request;
        }

        /** Returns where it ends; -1 if it is not complete. */
        int value(int from, int depth) {
            if (depth > DEEPEST) {
                throw new MalformedMessageException("values are nested deeper than " + DEEPEST);
            }
            int end = Bytes.endOfLine(bytes, from);
            if (end < 0) {
                return -1;
            }
            int type = Bytes.at(bytes, from);
            return switch (type) {
                case '+', '-', ':', '_', '#', ',', '(' -> end + 2;
                case '$', '=', '!' -> string(type, from, end);
                case '*', '~', '>' -> values(Bytes.number(bytes, from + 1, end, "a count"), end + 2, depth);
                case '%' -> values(2 * Bytes.number(bytes, from + 1, end, "a count"), end + 2, depth);
                case '|' -> attributed(Bytes.number(bytes, from + 1, end, "a count"), end + 2, depth);
                default -> throw new MalformedMessageException("a value begins with " + described(type));
            };
        }

        private int string(int type, int from, int end) {
            long length = Bytes.number(bytes, from + 1, end, "a length");
            if (length < 0) {
                return end + 2;
            }
            long after = end + 2 + length + 2;
            if (after > bytes.remaining()) {
                return -1;
            }
            int start = type == '=' && length >= 4 ? end + 2 + 4 : end + 2; // behind txt:
            int stop = (int) after - 2;
            if (Bytes.at(bytes, stop) != '\r' || Bytes.at(bytes, stop + 1) != '\n') {
                throw new MalformedMessageException("a string of " + length + " bytes does not end behind them");
            }
            seen(start, stop, type);
            return (int) after;
        }

        /** The first argument is the command, and the second mostly the key. */
        private void seen(int start, int stop, int type) {
            int index = strings++;
            if (request && index == 0) {
                command = upper(Bytes.text(bytes, start, stop));
                return;
            }
            boolean firstBehindKey = request && index == 2;
            if (type != '!' && (firstBehindKey || stop - start > longestLength)) {
                longest = start;
                longestLength = stop - start;
            }
        }

        private int values(long count, int from, int depth) {
            if (count > MOST_ELEMENTS) {
                throw new MalformedMessageException("a count of " + count + " is more than " + MOST_ELEMENTS);
            }
            int at = from;
            for (long i = 0; i < count && at >= 0; i++) {
                at = value(at, depth + 1);
            }
            return at;
        }

        private int attributed(long count, int from, int depth) {
            int at = values(2 * count, from, depth);
            return at < 0 ? at : value(at, depth);
        }
    }

    @Override
    public byte[] replace(Direction direction, byte[] message, Frame frame, byte[] payload) {
        int digits = frame.payload() - 2; // the length stands in the line before
        boolean verbatim = message[digits] != '\r';
        int line = verbatim ? frame.payload() - 6 : digits;
        int from = line;
        while (message[from - 1] >= '0' && message[from - 1] <= '9') {
            from--;
        }
        byte[] changed = Bytes.replaced(message, frame.payload(), frame.payloadLength(), payload);
        int length = payload.length + (verbatim ? 4 : 0);
        return Bytes.replaced(changed, from, line - from, Bytes.ascii(String.valueOf(length)));
    }
}
