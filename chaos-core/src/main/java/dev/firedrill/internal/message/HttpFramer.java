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
    private static final int LONGEST_METHOD = 32;
    private static final byte[] STATUS = Bytes.ascii("HTTP/1.");
    private static final String SEPARATORS = "()<>@,;:\\\"/[]?={}";
    private static final String NO_BODY = "HEAD";
    private static final String UPGRADED = "the connection is upgraded to another protocol";

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

    private static final class Dialogue implements Conversation {

        private static final int MOST_OPEN = 1_000;

        private final ArrayDeque<String> asked = new ArrayDeque<>(); // methods whose answers are to come
        private final HttpBody requests = new HttpBody();
        private final HttpBody responses = new HttpBody();
        private boolean upgraded;
        private int marked; // how many answers are to come until that of the marked request has

        @Override
        public @Nullable Frame next(Direction direction, ByteBuffer bytes, int seen) {
            if (upgraded) {
                throw new MalformedMessageException(UPGRADED);
            }
            HttpBody body = direction == Direction.UPSTREAM ? requests : responses;
            if (body.isGivenUp()) {
                return body.rest(bytes);
            }
            if (seen == 0) {
                body.of(""); // it is not known yet
            }
            checkBegin(direction, bytes);
            int end = endOfHead(bytes);
            if (end < 0) {
                return null;
            }
            boolean first = seen < end;
            if (first) {
                body.begin(end);
            }
            String[] lines = Bytes.text(bytes, 0, end).split("\r\n", -1);
            return direction == Direction.UPSTREAM ? request(lines, bytes, end, first) : response(lines, bytes, end);
        }

        /** What can't become a head is not waited for. */
        private static void checkBegin(Direction direction, ByteBuffer bytes) {
            int shown = Math.min(bytes.remaining(), LONGEST_METHOD + 1);
            if (direction == Direction.DOWNSTREAM) {
                if (Bytes.begin(bytes, STATUS) == Match.NO) {
                    throw new MalformedMessageException(
                            Bytes.quoted(Bytes.text(bytes, 0, shown)) + " begins no status line");
                }
                return;
            }
            for (int i = 0; i < shown; i++) {
                int each = Bytes.at(bytes, i);
                if (each == ' ' && i > 0) {
                    return;
                }
                boolean name = each > ' ' && each <= '~' && SEPARATORS.indexOf(each) < 0;
                if (!name || i == LONGEST_METHOD) {
                    throw new MalformedMessageException(
                            Bytes.quoted(Bytes.text(bytes, 0, shown)) + " begins no request line");
                }
            }
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

        private @Nullable Frame request(String[] lines, ByteBuffer bytes, int head, boolean first) {
            String[] words = lines[0].split(" ", -1);
            if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
                throw new MalformedMessageException(Bytes.quoted(lines[0]) + " is no request line");
            }
            requests.of(words[0]);
            if (first) {
                ask(words[0]); // it may be answered before its body has come
            }
            Frame frame = body(requests, lines, bytes, head, 0);
            if (frame == null
                    && bytes.remaining() == head
                    && !header(lines, "expect", false).isEmpty()) {
                // neither side goes on before the other has seen it
                requests.await(head);
                return Frame.spared(head, "a request whose body waits for 100 Continue");
            }
            return frame;
        }

        private void ask(String method) {
            if (asked.size() < MOST_OPEN) {
                asked.add(method);
            }
        }

        private @Nullable Frame response(String[] lines, ByteBuffer bytes, int head) {
            String[] words = lines[0].split(" ", 3);
            if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5]\\d\\d")) {
                throw new MalformedMessageException(Bytes.quoted(lines[0]) + " is no status line");
            }
            String status = words[1];
            if (status.equals("101") || ("CONNECT".equals(asked.peek()) && status.startsWith("2"))) {
                upgraded = true;
                throw new MalformedMessageException(UPGRADED);
            }
            if (status.startsWith("1")) {
                return Frame.whole(head, status);
            }
            boolean empty = NO_BODY.equals(asked.peek()) || status.equals("204") || status.equals("304");
            responses.of(status);
            Frame frame = empty ? Frame.whole(head, status) : body(responses, lines, bytes, head, -1);
            if (frame != null) {
                answered();
            }
            return frame;
        }

        private void answered() {
            asked.poll();
            marked = Math.max(0, marked - 1);
        }

        @Override
        public String begun(Direction direction) {
            HttpBody body = direction == Direction.UPSTREAM ? requests : responses;
            return body.isGivenUp() ? "" : body.command();
        }

        @Override
        public boolean isWithinGivenUp(Direction direction) {
            return (direction == Direction.UPSTREAM ? requests : responses).isGivenUp();
        }

        @Override
        public void mark() {
            marked = asked.size();
        }

        @Override
        public Answer answer(Frame frame) {
            return frame.command().startsWith("1") || marked > 0 ? Answer.ASIDE : Answer.WHOLE;
        }

        private static @Nullable Frame body(HttpBody body, String[] lines, ByteBuffer bytes, int head, long unless) {
            if (header(lines, "transfer-encoding", true)
                    .toLowerCase(Locale.ROOT)
                    .contains("chunked")) {
                return body.chunks(bytes);
            }
            String given = header(lines, "content-length", false);
            long length = given.isEmpty() ? unless : length(given);
            if (length < 0) {
                throw new MalformedMessageException(
                        "a response without a length, which lasts until the connection closes");
            }
            return body.plain(bytes, head, length);
        }

        private static long length(String given) {
            ByteBuffer text = ByteBuffer.wrap(Bytes.ascii(given));
            return Bytes.number(text, 0, text.remaining(), "content-length");
        }

        private static String header(String[] lines, String name, boolean all) {
            StringBuilder found = new StringBuilder();
            for (int i = 1; i < lines.length && (all || found.isEmpty()); i++) {
                if (isNamed(lines[i], name)) {
                    String value = lines[i].substring(lines[i].indexOf(':') + 1).strip();
                    found.append(found.isEmpty() ? "" : ", ").append(value);
                }
            }
            return found.toString();
        }

        private static boolean isNamed(String line, String name) {
            int colon = line.indexOf(':');
            return colon > 0 && line.substring(0, colon).strip().equalsIgnoreCase(name);
        }

        /** A head has no length. */
        @Override
        public long giveUp(Direction direction, ByteBuffer bytes) {
            HttpBody body = direction == Direction.UPSTREAM ? requests : responses;
            if (body.isGivenUp()) {
                return body.giveUp(bytes);
            }
            if (endOfHead(bytes) < 0) {
                return 0;
            }
            if (direction == Direction.DOWNSTREAM) {
                answered();
            }
            return body.giveUp(bytes);
        }

        /** Only what reaches the server is answered. */
        @Override
        public void altered(Direction direction, Frame frame, int copies) {
            if (direction == Direction.UPSTREAM && copies == 0) {
                asked.pollLast();
            } else if (direction == Direction.UPSTREAM) {
                ask(frame.command());
            }
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
            int moved = 0;
            for (String each : Bytes.text(old, 0, head).split("\r\n", -1)) {
                if (isNamed(each, "content-length")) {
                    byte[] fresh = Bytes.ascii("Content-Length: " + payload.length);
                    changed = Bytes.replaced(changed, line + moved, each.length(), fresh);
                    moved += fresh.length - each.length();
                }
                line += each.length() + 2;
            }
            return changed;
        }
    }
}
