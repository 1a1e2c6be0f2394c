package dev.firedrill.internal.message;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Framer;
import java.nio.ByteBuffer;

/** A framer that is found as users' are, and is wrong in a way that the bytes choose. */
public final class SickFramer implements Framer, Framer.Conversation {

    @Override
    public String name() {
        return "sick";
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
    public Frame next(Direction direction, ByteBuffer bytes, int seen) {
        return switch ((char) bytes.get(bytes.position())) {
            case 'l' -> Frame.whole(100, "");
            case 'z' -> Frame.whole(0, "");
            case 'v' -> new Frame(4, "", 3, 2);
            default -> throw new IllegalStateException("sick");
        };
    }

    @Override
    public byte[] replace(Direction direction, byte[] message, Frame frame, byte[] payload) {
        return message;
    }
}
