package dev.firedrill.internal.message;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Framer;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lines that end with LF, or CR and LF; the first word is the command. Never found from the first bytes. */
final class LineFramer implements Framer {

    @Override
    public String name() {
        return "line";
    }

    @Override
    public Match match(ByteBuffer first) {
        return Match.NO;
    }

    @Override
    public Conversation open(boolean fromStart) {
        return new Dialogue();
    }

    private static final class Dialogue implements Conversation {

        private final Set<Direction> givenUp = EnumSet.noneOf(Direction.class);

        @Override
        public @Nullable Frame next(Direction direction, ByteBuffer bytes, int seen) {
            for (int i = seen; i < bytes.remaining(); i++) {
                if (Bytes.at(bytes, i) == '\n') {
                    return givenUp.remove(direction) ? Frame.spared(i + 1, "") : line(bytes, i);
                }
            }
            return givenUp.contains(direction) && bytes.hasRemaining() ? Frame.spared(bytes.remaining(), "") : null;
        }

        private static Frame line(ByteBuffer bytes, int feed) {
            int end = feed > 0 && Bytes.at(bytes, feed - 1) == '\r' ? feed - 1 : feed;
            String line = Bytes.text(bytes, 0, end);
            return new Frame(feed + 1, line.strip().split("\\s", 2)[0], 0, end);
        }

        @Override
        public long giveUp(Direction direction, ByteBuffer bytes) {
            givenUp.add(direction);
            return bytes.remaining();
        }

        @Override
        public boolean isWithinGivenUp(Direction direction) {
            return givenUp.contains(direction);
        }

        @Override
        public byte[] replace(Direction direction, byte[] message, Frame frame, byte[] payload) {
            return Bytes.replaced(message, frame.payload(), frame.payloadLength(), payload);
        }
    }
}
