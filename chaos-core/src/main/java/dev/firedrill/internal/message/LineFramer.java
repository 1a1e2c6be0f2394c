package dev.firedrill.internal.message;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Framer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Lines that end with LF, or CR and LF; the first word is the command. Never found from the first bytes. */
final class LineFramer implements Framer, Framer.Conversation {

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
        return this;
    }

    @Override
    public @Nullable Frame next(Direction direction, ByteBuffer bytes, int seen) {
        for (int i = seen; i < bytes.remaining(); i++) {
            if (Bytes.at(bytes, i) == '\n') {
                int end = i > 0 && Bytes.at(bytes, i - 1) == '\r' ? i - 1 : i;
                String line = Bytes.text(bytes, 0, end);
                return new Frame(i + 1, line.strip().split("\\s", 2)[0], 0, end);
            }
        }
        return null;
    }

    @Override
    public byte[] replace(Direction direction, byte[] message, Frame frame, byte[] payload) {
        return Bytes.replaced(message, frame.payload(), frame.payloadLength(), payload);
    }
}
