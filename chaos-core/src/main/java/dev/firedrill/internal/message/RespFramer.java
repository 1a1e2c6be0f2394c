package dev.firedrill.internal.message;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Framer;
import dev.firedrill.spi.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Redis' protocol, versions 2 and 3. The command of a request is its first argument, that of a reply {@code reply}, {@code
 * error} or {@code push}.
 */
final class RespFramer implements Framer {

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
        return new Dialogue();
    }

    private static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    private static String described(int each) {
        return each > ' ' && each <= '~' ? "'" + (char) each + "'" : "byte " + each;
    }

    private static final class Dialogue implements Conversation {

        private final Reader requests = new Reader(true);
        private final Reader replies = new Reader(false);
        private long asked;
        private long answered;
        private long marked;
        private boolean queues; // requests, between MULTI and EXEC
        private boolean marksNext; // EXEC, which does what was queued

        @Override
        public @Nullable Frame next(Direction direction, ByteBuffer bytes, int seen) {
            if (!bytes.hasRemaining()) {
                return null;
            }
            boolean request = direction == Direction.UPSTREAM;
            Reader reader = request ? requests : replies;
            if (reader.isGivenUp) {
                return reader.rest(bytes);
            }
            int type = Bytes.at(bytes, 0);
            if (request && type != '*') {
                int end = Bytes.endOfLine(bytes, Math.max(0, seen - 1)); // an inline command, as telnet sends
                if (type < ' ' || type > '~') {
                    throw new MalformedMessageException("a command begins with " + described(type));
                }
                if (end < 0) {
                    return null;
                }
                String inline = upper(Bytes.text(bytes, 0, end).split(" ", 2)[0]);
                asked(inline);
                return Frame.whole(end + 2, inline);
            }
            if (seen == 0) {
                reader.begin();
            }
            if (!reader.read(bytes)) {
                return null;
            }
            String command = request ? reader.command : reader.kind();
            count(request, command);
            return new Frame(reader.at, command, reader.longest, reader.longestLength);
        }

        /** A reply that nobody has asked for here is that of a request before the first that was read. */
        private void count(boolean request, String command) {
            if (request) {
                asked(command);
            } else if (!command.equals("push")) {
                answered = Math.min(asked, answered + 1);
            }
        }

        private void asked(String command) {
            asked++;
            boolean ends = command.equals("EXEC") || command.equals("DISCARD");
            queues = command.equals("MULTI") || (queues && !ends);
            if (marksNext && ends) {
                marksNext = false;
                marked = asked;
            }
        }

        @Override
        public void mark() {
            marksNext = queues;
            marked = queues ? Long.MAX_VALUE : asked;
        }

        @Override
        public String begun(Direction direction) {
            Reader reader = direction == Direction.UPSTREAM ? requests : replies;
            return reader.isGivenUp ? "" : reader.request ? reader.command : reader.kind();
        }

        @Override
        public boolean isWithinGivenUp(Direction direction) {
            return (direction == Direction.UPSTREAM ? requests : replies).isGivenUp;
        }

        @Override
        public Answer answer(Frame frame) {
            return frame.command().equals("push") || answered < marked ? Answer.ASIDE : Answer.WHOLE;
        }

        /** An inline command, or the beginning of a value, has no length. */
        @Override
        public long giveUp(Direction direction, ByteBuffer bytes) {
            boolean request = direction == Direction.UPSTREAM;
            Reader reader = request ? requests : replies;
            boolean begins = !reader.isGivenUp;
            String command = begun(direction);
            long behind = request && Bytes.at(bytes, 0) != '*' && begins ? 0 : reader.giveUp(bytes);
            if (begins && behind > 0) {
                count(request, command);
            }
            return behind;
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

    /**
     * Reads one value, and remembers its longest string that may change. What has been read of a value that is not complete is
     * not read again: a reply may be a million small ones that come bit by bit.
     */
    private static final class Reader {

        private static final int SHALLOW = 4;

        private final boolean request;
        private int[] missing = new int[SHALLOW]; // values by depth
        private int depth;
        private int at;
        private int searched; // for the end of a line
        private boolean isGivenUp;
        private int type; // of the value, not of what is said about it
        private int strings;
        private String command = "";
        private int longest;
        private int longestLength;

        Reader(boolean request) {
            this.request = request;
        }

        void begin() {
            missing[0] = 1;
            depth = 0;
            at = 0;
            searched = 0;
            isGivenUp = false;
            type = 0;
            strings = 0;
            command = "";
            longest = 0;
            longestLength = 0;
        }

        /** What kind of reply it is; empty if that has not come yet. */
        private String kind() {
            return switch (type) {
                case 0 -> "";
                case '-', '!' -> "error";
                case '>' -> "push";
                default -> "reply";
            };
        }

        /** Says whether the value is complete; it ends at {@link #at} then. */
        boolean read(ByteBuffer bytes) {
            while (depth >= 0) {
                if (missing[depth] == 0) {
                    depth--;
                    continue;
                }
                int end = Bytes.endOfLine(bytes, Math.max(at, searched));
                if (end < 0) {
                    searched = bytes.remaining() - 1; // which may be half of a line's end
                    return false;
                }
                if (!one(bytes, end)) {
                    return false;
                }
            }
            return true;
        }

        /** Goes on behind what has been read, or behind the string that is coming. */
        private long giveUp(ByteBuffer bytes) {
            int end = Bytes.endOfLine(bytes, Math.max(at, searched));
            long behind = at;
            if (end >= 0) {
                behind = end + 2 + Bytes.number(bytes, at + 1, end, "a length") + 2;
                missing[depth]--;
            }
            if (behind > 0) {
                isGivenUp = isMissingMore();
                at = 0;
                searched = 0;
            }
            return behind;
        }

        private boolean isMissingMore() {
            for (int i = 0; i <= depth; i++) {
                if (missing[i] > 0) {
                    return true;
                }
            }
            return false;
        }

        private @Nullable Frame rest(ByteBuffer bytes) {
            isGivenUp = false;
            isGivenUp = !read(bytes);
            int length = at;
            at = 0;
            searched = isGivenUp ? Math.max(0, searched - length) : 0;
            return length == 0 ? null : Frame.spared(length, "");
        }

        /** Reads a string, or how many values there are in one that is made of some. */
        private boolean one(ByteBuffer bytes, int end) {
            int each = Bytes.at(bytes, at);
            type = depth == 0 && each != '|' ? each : type;
            switch (each) {
                case '+', '-', ':', '_', '#', ',', '(' -> {
                    missing[depth]--;
                    at = end + 2;
                }
                case '$', '=', '!' -> {
                    return string(bytes, each, end);
                }
                case '*', '~', '>' -> {
                    missing[depth]--;
                    values(Bytes.number(bytes, at + 1, end, "a count"), end);
                }
                case '%' -> {
                    missing[depth]--;
                    values(2 * Bytes.number(bytes, at + 1, end, "a count"), end);
                }
                // the value that these are about is still to come
                case '|' -> values(2 * Bytes.number(bytes, at + 1, end, "a count"), end);
                default -> throw new MalformedMessageException("a value begins with " + described(each));
            }
            return true;
        }

        private void values(long count, int end) {
            if (count > MOST_ELEMENTS) {
                throw new MalformedMessageException("a count of " + count + " is more than " + MOST_ELEMENTS);
            }
            at = end + 2;
            if (count <= 0) {
                return;
            }
            if (depth == DEEPEST) {
                throw new MalformedMessageException("values are nested deeper than " + DEEPEST);
            }
            depth++;
            if (depth == missing.length) {
                missing = Arrays.copyOf(missing, 2 * depth);
            }
            missing[depth] = (int) count;
        }

        private boolean string(ByteBuffer bytes, int type, int end) {
            long length = Bytes.number(bytes, at + 1, end, "a length");
            if (length < 0) {
                missing[depth]--;
                at = end + 2;
                return true;
            }
            long after = end + 2 + length + 2;
            if (after > bytes.remaining()) {
                return false;
            }
            int start = type == '=' && length >= 4 ? end + 2 + 4 : end + 2; // behind txt:
            int stop = (int) after - 2;
            if (Bytes.at(bytes, stop) != '\r' || Bytes.at(bytes, stop + 1) != '\n') {
                throw new MalformedMessageException("a string of " + length + " bytes does not end behind them");
            }
            noted(bytes, start, stop, type);
            missing[depth]--;
            at = (int) after;
            return true;
        }

        /** The first argument is the command, and the second mostly the key. */
        private void noted(ByteBuffer bytes, int start, int stop, int type) {
            int index = strings++;
            if (request && index == 0) {
                command = upper(Bytes.text(bytes, start, stop));
            }
            if (request && index < 2) {
                return;
            }
            if (type != '!' && stop - start > longestLength) {
                longest = start;
                longestLength = stop - start;
            }
        }
    }
}
