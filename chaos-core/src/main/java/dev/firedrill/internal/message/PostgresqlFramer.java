package dev.firedrill.internal.message;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Framer;
import dev.firedrill.spi.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's protocol, version 3. The command is the name that its documentation gives to a message. */
final class PostgresqlFramer implements Framer {

    private static final int CANCEL = 80877102;
    private static final int SSL = 80877103;
    private static final int GSS = 80877104;
    private static final int LONGEST_START = 10_000; // the server's own limit

    private static final Map<Character, String> REQUESTS = Map.ofEntries(
            Map.entry('B', "Bind"),
            Map.entry('C', "Close"),
            Map.entry('d', "CopyData"),
            Map.entry('c', "CopyDone"),
            Map.entry('f', "CopyFail"),
            Map.entry('D', "Describe"),
            Map.entry('E', "Execute"),
            Map.entry('H', "Flush"),
            Map.entry('F', "FunctionCall"),
            Map.entry('p', "Password"),
            Map.entry('P', "Parse"),
            Map.entry('Q', "Query"),
            Map.entry('S', "Sync"),
            Map.entry('X', "Terminate"));

    private static final Map<Character, String> REPLIES = Map.ofEntries(
            Map.entry('R', "Authentication"),
            Map.entry('K', "BackendKeyData"),
            Map.entry('2', "BindComplete"),
            Map.entry('3', "CloseComplete"),
            Map.entry('C', "CommandComplete"),
            Map.entry('d', "CopyData"),
            Map.entry('c', "CopyDone"),
            Map.entry('G', "CopyInResponse"),
            Map.entry('H', "CopyOutResponse"),
            Map.entry('W', "CopyBothResponse"),
            Map.entry('D', "DataRow"),
            Map.entry('I', "EmptyQueryResponse"),
            Map.entry('E', "ErrorResponse"),
            Map.entry('V', "FunctionCallResponse"),
            Map.entry('v', "NegotiateProtocolVersion"),
            Map.entry('n', "NoData"),
            Map.entry('N', "NoticeResponse"),
            Map.entry('A', "NotificationResponse"),
            Map.entry('t', "ParameterDescription"),
            Map.entry('S', "ParameterStatus"),
            Map.entry('1', "ParseComplete"),
            Map.entry('s', "PortalSuspended"),
            Map.entry('Z', "ReadyForQuery"),
            Map.entry('T', "RowDescription"));

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public Match match(ByteBuffer first) {
        if (first.remaining() < 8) {
            return first.remaining() == 0 || Bytes.at(first, 0) == 0 ? Match.MORE : Match.NO;
        }
        int length = first.getInt(first.position());
        int code = first.getInt(first.position() + 4);
        boolean known = code >> 16 == 3 || code == SSL || code == GSS || code == CANCEL;
        return known && length >= 8 && length <= LONGEST_START ? Match.YES : Match.NO;
    }

    @Override
    public Conversation open(boolean fromStart) {
        return new Dialogue(fromStart);
    }

    /** A start may ask for encryption first, which the server answers with one byte. */
    private static final class Dialogue implements Conversation {

        private boolean starting;
        private int singleBytes;
        private boolean encrypted;
        private final Turns turns = new Turns();
        private final Map<Direction, String> begun = new EnumMap<>(Direction.class);

        Dialogue(boolean fromStart) {
            starting = fromStart;
        }

        @Override
        public @Nullable Frame next(Direction direction, ByteBuffer bytes, int seen) {
            begun.remove(direction);
            if (encrypted) {
                throw new MalformedMessageException("the connection is encrypted");
            }
            boolean request = direction == Direction.UPSTREAM;
            if (request && starting) {
                return start(bytes);
            }
            if (!request && singleBytes > 0) {
                return answer(bytes);
            }
            if (bytes.remaining() < 5) {
                return null;
            }
            char type = (char) Bytes.at(bytes, 0);
            String command = (request ? REQUESTS : REPLIES).get(type);
            begun.put(direction, command == null ? "" : command);
            long length = bytes.getInt(bytes.position() + 1);
            if (command == null || length < 4) {
                throw new MalformedMessageException(
                        command == null ? "a message of type " + (int) type + " is unknown" : "a length of " + length);
            }
            if (length + 1 > bytes.remaining()) {
                return null;
            }
            count(direction, command);
            return framed(bytes, (int) length + 1, command);
        }

        private void count(Direction direction, String command) {
            if (direction == Direction.UPSTREAM) {
                turns.asked(command);
            } else {
                turns.answered(command);
            }
        }

        @Override
        public String begun(Direction direction) {
            return begun.getOrDefault(direction, "");
        }

        @Override
        public void mark() {
            turns.mark();
        }

        @Override
        public Answer answer(Frame frame) {
            return turns.answer(frame.command());
        }

        private @Nullable Frame start(ByteBuffer bytes) {
            if (bytes.remaining() < 8) {
                return null;
            }
            int length = bytes.getInt(bytes.position());
            int code = bytes.getInt(bytes.position() + 4);
            if (length < 8 || length > LONGEST_START) {
                throw new MalformedMessageException("a start of " + length + " bytes");
            }
            if (length > bytes.remaining()) {
                return null;
            }
            if (code == SSL || code == GSS) {
                singleBytes++;
                return Frame.whole(length, code == SSL ? "SSLRequest" : "GSSENCRequest");
            }
            starting = false;
            return Frame.whole(length, code == CANCEL ? "CancelRequest" : "StartupMessage");
        }

        private @Nullable Frame answer(ByteBuffer bytes) {
            if (!bytes.hasRemaining()) {
                return null;
            }
            singleBytes--;
            encrypted = Bytes.at(bytes, 0) != 'N';
            return Frame.whole(1, "SSLResponse");
        }

        private static Frame framed(ByteBuffer bytes, int length, String command) {
            return switch (command) {
                case "DataRow" -> longest(bytes, length, command, 7, count(bytes, 5, length));
                case "Bind" -> bind(bytes, length, command);
                case "CopyData" -> new Frame(length, command, 5, length - 5);
                default -> Frame.whole(length, command);
            };
        }

        private static Frame bind(ByteBuffer bytes, int length, String command) {
            int at = behindText(bytes, behindText(bytes, 5, length), length);
            int behindFormats = at + 2 + 2 * count(bytes, at, length);
            return longest(bytes, length, command, behindFormats + 2, count(bytes, behindFormats, length));
        }

        private static int behindText(ByteBuffer bytes, int from, int length) {
            int at = from;
            while (at < length && Bytes.at(bytes, at) != 0) {
                at++;
            }
            return at + 1;
        }

        private static int count(ByteBuffer bytes, int at, int length) {
            if (at + 2 > length) {
                throw new MalformedMessageException("a message ends before its count");
            }
            return bytes.getShort(bytes.position() + at) & 0xFFFF;
        }

        private static Frame longest(ByteBuffer bytes, int length, String command, int from, int count) {
            int at = from;
            int payload = 0;
            int payloadLength = 0;
            for (int i = 0; i < count; i++) {
                if (at + 4 > length) {
                    throw new MalformedMessageException("a message ends before its values");
                }
                int size = bytes.getInt(bytes.position() + at);
                at += 4;
                if (size > length - at || size < -1) {
                    throw new MalformedMessageException("a value of " + size + " bytes in a message of " + length);
                }
                if (size > payloadLength) {
                    payload = at;
                    payloadLength = size;
                }
                at += Math.max(0, size);
            }
            return new Frame(length, command, payload, payloadLength);
        }

        @Override
        public long giveUp(Direction direction, ByteBuffer bytes) {
            boolean start = direction == Direction.UPSTREAM && starting;
            if (bytes.remaining() < (start ? 8 : 5)) {
                return 0;
            }
            if (start) {
                int code = bytes.getInt(bytes.position() + 4);
                starting = code == SSL || code == GSS;
                return bytes.getInt(bytes.position());
            }
            count(direction, begun(direction));
            return bytes.getInt(bytes.position() + 1) + 1L;
        }

        /** Only what reaches the server is answered. */
        @Override
        public void altered(Direction direction, Frame frame, int copies) {
            if (frame.command().equals("SSLRequest") || frame.command().equals("GSSENCRequest")) {
                singleBytes += copies - 1;
            }
        }

        @Override
        public byte[] replace(Direction direction, byte[] message, Frame frame, byte[] payload) {
            byte[] changed = Bytes.replaced(message, frame.payload(), frame.payloadLength(), payload);
            ByteBuffer lengths = ByteBuffer.wrap(changed);
            lengths.putInt(1, changed.length - 1);
            if (!frame.command().equals("CopyData")) {
                lengths.putInt(frame.payload() - 4, payload.length);
            }
            return changed;
        }
    }

    /**
     * Which answers belong to which requests. Each {@code Sync}, {@code Query} and {@code FunctionCall} ends a turn, and each turn is
     * answered by one {@code ReadyForQuery} in the end. A statement that is only prepared or described does nothing yet.
     */
    private static final class Turns {

        private static final Set<String> ASIDE = Set.of(
                "NoticeResponse", "ParameterStatus", "NotificationResponse", "CopyInResponse", "CopyBothResponse");
        private static final int MOST_OPEN = 10_000;

        private enum Turn {
            IDLE,
            EXECUTED,
            QUERIED
        }

        private final ArrayDeque<Turn> ended = new ArrayDeque<>(1); // not answered yet
        private boolean executes; // the turn that has not ended
        private boolean copies; // towards the server
        private long first; // the number of the first of them
        private long last; // the turn of what was asked last
        private long marked = -1;
        private long answering;
        private boolean answersWork;

        void asked(String command) {
            boolean ofCopy = command.startsWith("Copy");
            last = ofCopy ? first : first + ended.size();
            switch (command) {
                case "Execute" -> executes = true;
                case "CopyDone", "CopyFail" -> copies = false;
                case "Query", "FunctionCall" -> ended(Turn.QUERIED);
                case "Sync" -> {
                    if (!copies) { // the server passes over it
                        ended(executes ? Turn.EXECUTED : Turn.IDLE);
                    }
                }
                default -> {}
            }
        }

        private void ended(Turn turn) {
            if (ended.size() < MOST_OPEN) {
                ended.add(turn);
                executes = false;
            }
        }

        void answered(String command) {
            answering = first;
            answersWork = ended.isEmpty() ? executes : ended.peek() != Turn.IDLE;
            if (command.equals("CopyInResponse") || command.equals("CopyBothResponse")) {
                copies = true;
                if (ended.peek() == Turn.EXECUTED) { // by a Sync that came too early
                    ended.poll();
                    executes = true;
                }
            } else if (command.equals("ReadyForQuery") && !ended.isEmpty()) { // that of the start ends no turn
                ended.poll();
                first++;
            }
        }

        void mark() {
            marked = last;
        }

        Answer answer(String command) {
            if (ASIDE.contains(command) || answering < marked || !answersWork) {
                return Answer.ASIDE;
            }
            return command.equals("ReadyForQuery") ? Answer.WHOLE : Answer.PART;
        }
    }
}
