package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Corrupt;
import dev.firedrill.schedule.Chance;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Framer.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/** Changes the payload of messages. */
final class CorruptStage extends MessageStage {

    private final Corrupt.How how;

    CorruptStage(Pipe pipe, Dialogue dialogue, Corrupt corrupt) {
        super(pipe, dialogue);
        this.how = corrupt.how();
    }

    @Override
    boolean isVulnerable(Frame frame) {
        return frame.payloadLength() > 0;
    }

    @Override
    void hit(ByteBuf message, Frame frame, long of, Draw.Site at, long unit) {
        byte[] whole = new byte[message.readableBytes()];
        message.readBytes(whole);
        message.release();
        byte[] payload = Arrays.copyOfRange(whole, frame.payload(), frame.payload() + frame.payloadLength());
        Chance chance = dialogue().fault().draw().content(at, unit);
        byte[] changed = switch (how) {
            case BIT_FLIP -> Corruption.flipped(payload, chance);
            case TRUNCATE -> Corruption.truncated(payload, chance);
            case GARBLE -> Corruption.garbled(payload, chance);
        };
        byte[] replaced = dialogue().replace(direction(), whole, frame, changed);
        next().bytes(Unpooled.wrappedBuffer(replaced == null ? whole : replaced), of);
        if (replaced != null) {
            touched();
        }
    }
}
