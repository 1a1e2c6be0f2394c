package dev.firedrill.internal.proxy;

import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Framer.Frame;
import io.netty.buffer.ByteBuf;

/** Swallows messages. */
final class DropMessageStage extends MessageStage {

    DropMessageStage(Pipe pipe, Dialogue dialogue) {
        super(pipe, dialogue);
    }

    @Override
    int copies() {
        return 0;
    }

    @Override
    void hit(ByteBuf message, Frame frame, long of, Draw.Site at, long unit) {
        message.release();
        touched();
    }
}
