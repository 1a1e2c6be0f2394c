package dev.firedrill.internal.message;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Framer;
import dev.firedrill.spi.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1. The command of a request is its method, that of a response its status. A response that lasts until the connection
 * closes, and what follows an upgrade, is no message.
 */
final class HttpFramer implements Framer {

    private static final List<String> METHODS =
            List.of("GET ", "POST ", "PUT ", "DELETE ", "HEAD ", "OPTIONS ", "PATCH ", "CONNECT ", "TRACE ");
    private static final int LONGEST_HEAD = 1 << 16;
    private static final String NO_BODY = "HEAD";

    @Override
    public String name() {
        return "http";
    }

    @Override
    public Match match(ByteBuffer first) {
        Match best = Match.NO;
        for (String method : METHODS) {
            Match match = Bytes.begin(first, Bytes.ascii(method));
            if (match == Match.YES) {
                return Match.YES;
            }
            best = match == Match.MORE ? Match.MORE : best;
        }
        return best;
    }

    @Override
    public Conversation open(boolean fromStart) {
        return new Dialogue();
    }

    private static String shortened(String line) {
        return line.substring(0, Math.min(40, line.length()));
    }

    private static final class Dialogue implements Conversation {

        private static final int MOST_OPEN = 1_000;

        private final ArrayDeque<String> asked = new ArrayDeque<>(); // methods whose answers are to come
        private final Chunks requests = new Chunks();
        private final Chunks responses = new Chunks();

        @Override
        public @Nullable Frame next(Direction direction, ByteBuffer bytes, int seen) {
            int end = endOfHead(bytes);
            if (end < 0) {
                return null;
            }
            Chunks chunks = direction == Direction.UPSTREAM ? requests : responses;
            if (seen < end) {
                chunks.begin(end);
            }
            String[] lines = Bytes.text(bytes, 0, end).split("\r\n", -1);
            return direction == Direction.UPSTREAM ? request(lines, bytes, end) : response(lines, bytes, end);
        }

        /** Returns -1 if it is not complete. */
        private static int endOfHead(ByteBuffer bytes) {
            int line = 0;
            while (line >= 0) {
                int end = Bytes.endOfLine(bytes, line);
                if (end == line && line > 0) {
                    return end + 2;
                }
                line = end < 0 ? -1 : end + 2;
            }
            if (bytes.remaining() > LONGEST_HEAD) {
                throw new MalformedMessageException("a head of more than " + LONGEST_HEAD + " bytes");
            }
            return -1;
        }

        private @Nullable Frame request(String[] lines, ByteBuffer bytes, int head) {
            String[] words = lines[0].split(" ", -1);
            if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
                throw new MalformedMessageException("\"" + shortened(lines[0]) + "\" is no request line");
            }
            Frame frame = body(requests, lines, bytes, head, words[0], 0);
            if (frame != null && asked.size() < MOST_OPEN) {
                asked.add(words[0]);
            }
            return frame;
        }

        private @Nullable Frame response(String[] lines, ByteBuffer bytes, int head) {
            String[] words = lines[0].split(" ", 3);
            if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5]\\d\\d")) {
                throw new MalformedMessageException("\"" + shortened(lines[0]) + "\" is no status line");
            }
            String status = words[1];
            if (status.equals("101") || ("CONNECT".equals(asked.peek()) && status.startsWith("2"))) {
                throw new MalformedMessageException("the connection is upgraded to another protocol");
            }
            if (status.startsWith("1")) {
                return Frame.whole(head, status);
            }
            boolean empty = NO_BODY.equals(asked.peek()) || status.equals("204") || status.equals("304");
            Frame frame = empty ? Frame.whole(head, status) : body(responses, lines, bytes, head, status, -1);
            if (frame != null) {
                asked.poll();
            }
            return frame;
        }

        private static @Nullable Frame body(
                Chunks chunks, String[] lines, ByteBuffer bytes, int head, String command, long unless) {
            if (header(lines, "transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
                return chunks.read(bytes, command);
            }
            String given = header(lines, "content-length");
            long length = given.isEmpty() ? unless : length(given);
            if (length < 0) {
                throw new MalformedMessageException(
                        "a response without a length, which lasts until the connection closes");
            }
            return head + length > bytes.remaining()
                    ? null
                    : new Frame((int) (head + length), command, head, (int) length);
        }

        private static long length(String given) {
            ByteBuffer text = ByteBuffer.wrap(Bytes.ascii(given));
            return Bytes.number(text, 0, text.remaining(), "content-length");
        }

        private static String header(String[] lines, String name) {
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].indexOf(':');
                if (colon > 0 && lines[i].substring(0, colon).strip().equalsIgnoreCase(name)) {
                    return lines[i].substring(colon + 1).strip();
                }
            }
            return "";
        }

        @Override
        public byte[] replace(Direction direction, byte[] message, Frame frame, byte[] payload) {
            byte[] changed = Bytes.replaced(message, frame.payload(), frame.payloadLength(), payload);
            if (payload.length == frame.payloadLength()) {
                return changed;
            }
            ByteBuffer old = ByteBuffer.wrap(message);
            int head = endOfHead(old);
            if (head < frame.payload()) { // a chunk, whose size stands in the line before
                int line = frame.payload() - 2;
                int from = line;
                while (message[from - 1] != '\n') {
                    from--;
                }
                return payload.length == 0
                        ? Bytes.replaced(changed, from, frame.payload() + 2 - from, new byte[0])
                        : Bytes.replaced(changed, from, line - from, Bytes.ascii(Integer.toHexString(payload.length)));
            }
            int line = 0;
            for (String each : Bytes.text(old, 0, head).split("\r\n", -1)) {
                if (each.toLowerCase(Locale.ROOT).startsWith("content-length")) {
                    return Bytes.replaced(
                            changed, line, each.length(), Bytes.ascii("Content-Length: " + payload.length));
                }
                line += each.length() + 2;
            }
            return changed;
        }
    }

    /**
     * A body in chunks; its payload is the longest one. What has been read of one that is not complete is not read again: it may
     * be a stream of events.
     */
    private static final class Chunks {

        private static final int LONGEST_SIZE = 8;

        private int at;
        private int longest;
        private int longestLength;

        void begin(int head) {
            at = head;
            longest = 0;
            longestLength = 0;
        }

        @Nullable
        Frame read(ByteBuffer bytes, String command) {
            while (true) {
                int end = Bytes.endOfLine(bytes, at);
                if (end < 0) {
                    return null;
                }
                long size = size(bytes, at, end);
                if (size == 0) {
                    int behind = behindTrailer(bytes, end + 2);
                    return behind < 0 ? null : new Frame(behind, command, longest, longestLength);
                }
                long next = end + 2 + size + 2;
                if (next > bytes.remaining()) {
                    return null;
                }
                if (size > longestLength) {
                    longest = end + 2;
                    longestLength = (int) size;
                }
                at = (int) next;
            }
        }

        private static int behindTrailer(ByteBuffer bytes, int from) {
            int line = from;
            while (true) {
                int end = Bytes.endOfLine(bytes, line);
                if (end < 0 || end == line) {
                    return end < 0 ? -1 : end + 2;
                }
                line = end + 2;
            }
        }

        private static long size(ByteBuffer bytes, int from, int to) {
            long plain = Bytes.digits(bytes, from, to, 16, LONGEST_SIZE);
            if (plain >= 0) {
                return plain;
            }
            String line = Bytes.text(bytes, from, to);
            String digits = line.split(";", 2)[0].strip();
            if (!digits.matches("[0-9a-fA-F]{1,8}")) {
                throw new MalformedMessageException("a chunk of the size \"" + shortened(line) + "\"");
            }
            return Long.parseLong(digits, 16);
        }
    }
}
