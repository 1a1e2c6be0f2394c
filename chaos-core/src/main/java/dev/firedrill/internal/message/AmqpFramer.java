package dev.firedrill.internal.message;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Framer;
import dev.firedrill.spi.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * AMQP 0-9-1. A method that carries content is one message with its header and body, unless another channel's frame stands
 * between them; what may change is the first frame of the body. The command is the method's name.
 */
final class AmqpFramer implements Framer {

    private static final byte[] HEADER = {'A', 'M', 'Q', 'P', 0, 0, 9, 1};
    private static final int METHOD = 1;
    private static final int CONTENT_HEADER = 2;
    private static final int BODY = 3;
    private static final int HEARTBEAT = 8;
    private static final int HEAD = 7;
    private static final int END = 0xCE;
    private static final int BODY_SIZE = HEAD + 4; // behind class and weight
    private static final int BASIC = 60;

    private static final Map<Integer, String> CLASSES = Map.of(
            10, "connection", 20, "channel", 40, "exchange", 50, "queue", BASIC, "basic", 85, "confirm", 90, "tx");

    /** By class; each answer's number is that of what it answers and one more. */
    private static final Map<String, Map<Integer, String>> METHODS = Map.of(
            "connection",
            Map.of(
                    10,
                    "start",
                    20,
                    "secure",
                    30,
                    "tune",
                    40,
                    "open",
                    50,
                    "close",
                    60,
                    "blocked",
                    61,
                    "unblocked",
                    70,
                    "update-secret"),
            "channel",
            Map.of(10, "open", 20, "flow", 40, "close"),
            "exchange",
            Map.of(10, "declare", 20, "delete", 30, "bind", 40, "unbind", 51, "unbind-ok"),
            "queue",
            Map.of(10, "declare", 20, "bind", 30, "purge", 40, "delete", 50, "unbind"),
            "basic",
            Map.ofEntries(
                    Map.entry(10, "qos"),
                    Map.entry(20, "consume"),
                    Map.entry(30, "cancel"),
                    Map.entry(40, "publish"),
                    Map.entry(50, "return"),
                    Map.entry(60, "deliver"),
                    Map.entry(70, "get"),
                    Map.entry(72, "get-empty"),
                    Map.entry(80, "ack"),
                    Map.entry(90, "reject"),
                    Map.entry(100, "recover-async"),
                    Map.entry(110, "recover"),
                    Map.entry(120, "nack")),
            "confirm",
            Map.of(10, "select"),
            "tx",
            Map.of(10, "select", 20, "commit", 30, "rollback"));

    private static final Set<String> WITH_CONTENT =
            Set.of("basic.publish", "basic.return", "basic.deliver", "basic.get-ok");

    @Override
    public String name() {
        return "amqp";
    }

    @Override
    public Match match(ByteBuffer first) {
        return Bytes.begin(first, HEADER);
    }

    @Override
    public Conversation open(boolean fromStart) {
        return new Dialogue();
    }

    private static @Nullable Frame cut(ByteBuffer bytes) {
        if (bytes.hasRemaining() && Bytes.at(bytes, 0) == 'A') {
            return bytes.remaining() < HEADER.length ? null : Frame.whole(HEADER.length, "header");
        }
        int end = end(bytes, 0);
        if (end < 0) {
            return null;
        }
        String command = command(bytes, end);
        int type = type(bytes, 0);
        if (type == CONTENT_HEADER || type == BODY) {
            return new Frame(end, command, 0, 0, ""); // of a method that has gone on
        }
        return WITH_CONTENT.contains(command) ? content(bytes, end, command) : Frame.whole(end, command);
    }

    /** Where the frame that begins at an offset ends; -1 if it is not complete. */
    private static int end(ByteBuffer bytes, int from) {
        if (bytes.remaining() < from + HEAD) {
            return -1;
        }
        int type = type(bytes, from);
        long size = size(bytes, from);
        boolean known = (type >= METHOD && type <= BODY) || type == HEARTBEAT;
        if (!known || size < 0 || size > Integer.MAX_VALUE / 2) {
            throw new MalformedMessageException("a frame of type " + type + " and " + size + " bytes");
        }
        long end = from + HEAD + size + 1;
        if (end > bytes.remaining()) {
            return -1;
        }
        if (Bytes.at(bytes, (int) end - 1) != END) {
            throw new MalformedMessageException("a frame of " + size + " bytes does not end behind them");
        }
        return (int) end;
    }

    private static int type(ByteBuffer bytes, int frame) {
        return Bytes.at(bytes, frame);
    }

    private static int channel(ByteBuffer bytes, int frame) {
        return bytes.getShort(bytes.position() + frame + 1);
    }

    private static int size(ByteBuffer bytes, int frame) {
        return bytes.getInt(bytes.position() + frame + 3);
    }

    private static String command(ByteBuffer bytes, int end) {
        int type = type(bytes, 0);
        if (type != METHOD || end < HEAD + 4) {
            return type == HEARTBEAT ? "heartbeat" : type == BODY ? "body" : "content-header";
        }
        int of = bytes.getShort(bytes.position() + HEAD);
        int method = bytes.getShort(bytes.position() + HEAD + 2);
        String name = CLASSES.getOrDefault(of, String.valueOf(of));
        return name + "." + method(METHODS.getOrDefault(name, Map.of()), method);
    }

    private static String method(Map<Integer, String> names, int number) {
        String name = names.get(number);
        String asked = names.get(number - 1);
        return name != null ? name : asked != null ? asked + "-ok" : String.valueOf(number);
    }

    private static @Nullable Frame content(ByteBuffer bytes, int header, String command) {
        int behind = end(bytes, header);
        if (behind < 0) {
            return bytes.remaining() > header + 3 && !follows(bytes, header, CONTENT_HEADER)
                    ? scattered(header, command)
                    : null;
        }
        if (!follows(bytes, header, CONTENT_HEADER)) {
            return scattered(header, command);
        }
        long size = bytes.getLong(bytes.position() + header + BODY_SIZE);
        int at = behind;
        for (long rest = size; rest > 0; ) {
            if (bytes.remaining() > at + 3 && !follows(bytes, at, BODY)) {
                return scattered(header, command);
            }
            int end = end(bytes, at);
            if (end < 0) {
                return null;
            }
            rest -= size(bytes, at);
            at = end;
        }
        return size == 0 ? Frame.whole(at, command) : new Frame(at, command, behind + HEAD, size(bytes, behind));
    }

    private static Frame scattered(int header, String command) {
        return new Frame(
                header,
                command,
                0,
                0,
                "the content of a " + command + " comes in pieces between frames of other channels");
    }

    /** The frame that is coming ends a part; the rest of the content are frames of their own. */
    private static long behindPart(ByteBuffer bytes) {
        int at = 0;
        for (int end = end(bytes, at); end >= 0; end = end(bytes, at)) {
            at = end;
        }
        return bytes.remaining() < at + HEAD ? at : (long) at + HEAD + size(bytes, at) + 1;
    }

    private static boolean follows(ByteBuffer bytes, int frame, int type) {
        return type(bytes, frame) == type && channel(bytes, frame) == channel(bytes, 0);
    }

    private static byte[] replaced(byte[] message, Frame frame, byte[] payload) {
        int header = end(ByteBuffer.wrap(message), 0);
        byte[] changed = payload.length == 0
                ? Bytes.replaced(message, frame.payload() - HEAD, HEAD + frame.payloadLength() + 1, payload)
                : Bytes.replaced(message, frame.payload(), frame.payloadLength(), payload);
        ByteBuffer sizes = ByteBuffer.wrap(changed);
        int size = header + BODY_SIZE;
        sizes.putLong(size, sizes.getLong(size) - frame.payloadLength() + payload.length);
        if (payload.length > 0) {
            sizes.putInt(frame.payload() - 4, payload.length);
        }
        return changed;
    }

    /** A publication is answered by its confirm, if its channel has asked for confirms, and all else on the channel that asked. */
    private static final class Dialogue implements Conversation {

        private static final Set<String> ASIDE =
                Set.of("heartbeat", "basic.deliver", "basic.return", "connection.blocked", "connection.unblocked");
        private static final int TAG = HEAD + 4;
        private static final int MULTIPLE = TAG + 8;

        private final Map<Integer, Long> published = new HashMap<>(2); // by channel, since it has asked for confirms
        private int asking;
        private boolean publishes;
        private int marked;
        private long markedTag; // 0 if it is no publication, or its number is not known
        private boolean marksPublication;
        private int answering;
        private long tag;
        private boolean multiple;

        @Override
        public @Nullable Frame next(Direction direction, ByteBuffer bytes, int seen) {
            Frame frame = cut(bytes);
            if (frame == null || frame.command().equals("header")) {
                return frame;
            }
            int channel = channel(bytes, 0);
            if (direction == Direction.UPSTREAM) {
                asked(frame.command(), channel);
            } else {
                answered(frame, channel, bytes);
            }
            return frame;
        }

        private void asked(String command, int channel) {
            asking = channel;
            publishes = command.equals("basic.publish");
            switch (command) {
                case "confirm.select" -> published.putIfAbsent(channel, 0L);
                case "basic.publish" -> published.computeIfPresent(channel, (of, count) -> count + 1);
                case "channel.open", "channel.close", "channel.close-ok" -> published.remove(channel);
                default -> {}
            }
        }

        private void answered(Frame frame, int channel, ByteBuffer bytes) {
            answering = channel;
            if (isConfirm(frame) && frame.length() > MULTIPLE) {
                tag = bytes.getLong(bytes.position() + TAG);
                multiple = (Bytes.at(bytes, MULTIPLE) & 1) != 0;
            }
        }

        private static boolean isConfirm(Frame frame) {
            return frame.command().equals("basic.ack") || frame.command().equals("basic.nack");
        }

        @Override
        public void mark() {
            marked = asking;
            marksPublication = publishes;
            markedTag = publishes ? published.getOrDefault(asking, 0L) : 0;
        }

        @Override
        public Answer answer(Frame frame) {
            if (frame.command().equals("connection.close")) {
                return Answer.WHOLE;
            }
            if (answering != marked || ASIDE.contains(frame.command())) {
                return Answer.ASIDE;
            }
            if (!marksPublication || frame.command().equals("channel.close")) {
                return Answer.WHOLE;
            }
            boolean confirms = tag == markedTag || markedTag == 0 || (multiple && (tag > markedTag || tag == 0));
            return isConfirm(frame) && confirms ? Answer.WHOLE : Answer.ASIDE;
        }

        @Override
        public long giveUp(Direction direction, ByteBuffer bytes) {
            return behindPart(bytes);
        }

        @Override
        public byte[] replace(Direction direction, byte[] message, Frame frame, byte[] payload) {
            return replaced(message, frame, payload);
        }
    }
}
