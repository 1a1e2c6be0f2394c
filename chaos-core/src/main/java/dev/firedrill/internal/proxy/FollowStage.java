package dev.firedrill.internal.proxy;

import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Framer.Frame;
import io.netty.buffer.ByteBuf;

/** Follows the direction of a connection in which a message fault does not act, for the other needs to know what is said. */
final class FollowStage extends MessageStage {

    FollowStage(Pipe pipe, Dialogue dialogue) {
        super(pipe, dialogue);
    }

    @Override
    boolean looksOn() {
        return true;
    }

    @Override
    boolean isVulnerable(Frame frame) {
        return false;
    }

    @Override
    void hit(ByteBuf message, Frame frame, long of, Draw.Site at, long unit) {
        spare(message, of);
    }
}
