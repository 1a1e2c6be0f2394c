package dev.firedrill.internal.message;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Framer;
import dev.firedrill.spi.MalformedMessageException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Blocks that begin with their length. Never found from the first bytes. */
final class LengthFramer implements Framer, Framer.Conversation {

    static final String FORM = "length:N[,le][,inclusive][,at=N]";

    private static final String NAME = "length";
    private static final Pattern TEXT = Pattern.compile("length:([1248])(,le)?(,inclusive)?(?:,at=(\\d{1,4}))?");

    private final int size;
    private final boolean littleEndian;
    private final boolean inclusive;
    private final int at;

    private LengthFramer(int size, boolean littleEndian, boolean inclusive, int at) {
        this.size = size;
        this.littleEndian = littleEndian;
        this.inclusive = inclusive;
        this.at = at;
    }

    static boolean isMeant(String name) {
        return name.equals(NAME) || name.startsWith(NAME + ":");
    }

    static LengthFramer parse(String text) {
        Matcher found = TEXT.matcher(text);
        if (!found.matches()) {
            throw new IllegalArgumentException("framing \"" + text + "\" can't be read; allowed is " + FORM
                    + ": a length of 1, 2, 4 or 8 bytes, big-endian unless le, of what follows it unless inclusive (of the whole"
                    + " message), behind N other bytes");
        }
        return new LengthFramer(
                Integer.parseInt(found.group(1)),
                found.group(2) != null,
                found.group(3) != null,
                found.group(4) == null ? 0 : Integer.parseInt(found.group(4)));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Match match(ByteBuffer first) {
        return Match.NO;
    }

    @Override
    public Conversation open(boolean fromStart) {
        return this;
    }

    @Override
    public @Nullable Frame next(Direction direction, ByteBuffer bytes, int seen) {
        int head = at + size;
        if (bytes.remaining() < head) {
            return null;
        }
        long length = length(bytes);
        return length > bytes.remaining() ? null : new Frame((int) length, "", head, (int) length - head);
    }

    @Override
    public long giveUp(Direction direction, ByteBuffer bytes) {
        return bytes.remaining() < at + size ? 0 : length(bytes);
    }

    private long length(ByteBuffer bytes) {
        int head = at + size;
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | Bytes.at(bytes, at + (littleEndian ? size - 1 - i : i));
        }
        long length = inclusive ? value : value + head;
        if (length < head || length > Integer.MAX_VALUE) {
            throw new MalformedMessageException("a length of " + Long.toUnsignedString(value) + " is impossible");
        }
        return length;
    }

    @Override
    public byte[] replace(Direction direction, byte[] message, Frame frame, byte[] payload) {
        byte[] changed = Bytes.replaced(message, frame.payload(), frame.payloadLength(), payload);
        long value = inclusive ? changed.length : payload.length;
        for (int i = 0; i < size; i++) {
            int shift = 8 * (littleEndian ? i : size - 1 - i);
            changed[at + i] = (byte) (value >>> shift);
        }
        return changed;
    }
}
