package dev.firedrill.internal.proxy;

import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Framer.Frame;
import io.netty.buffer.ByteBuf;

/** Delivers messages twice. */
final class DuplicateStage extends MessageStage {

    DuplicateStage(Pipe pipe, Dialogue dialogue) {
        super(pipe, dialogue);
    }

    @Override
    int copies() {
        return 2;
    }

    @Override
    void hit(ByteBuf message, Frame frame, long of, Draw.Site at, long unit) {
        ByteBuf copy = message.retainedDuplicate();
        next().bytes(message, of);
        next().bytes(copy, of);
        touched();
    }
}
