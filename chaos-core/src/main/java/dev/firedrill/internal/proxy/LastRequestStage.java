package dev.firedrill.internal.proxy;

import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Framer.Frame;
import io.netty.buffer.ByteBuf;

/** Passes on every request, and has the reply to the one that is hit withheld. */
final class LastRequestStage extends MessageStage {

    private final WithheldReplyStage reply;

    LastRequestStage(Pipe pipe, Dialogue dialogue, WithheldReplyStage reply) {
        super(pipe, dialogue);
        this.reply = reply;
    }

    @Override
    void hit(ByteBuf message, Frame frame, long of, Draw.Site at, long unit) {
        if (reply.await()) {
            dialogue().mark();
        }
        spare(message, of);
    }
}
