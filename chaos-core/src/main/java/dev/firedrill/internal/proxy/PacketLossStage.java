package dev.firedrill.internal.proxy;

import dev.firedrill.fault.PacketLoss;
import dev.firedrill.spi.Draw;

/** Holds each message for as long as it takes to send it again, once for each time that it is lost. */
final class PacketLossStage extends DrawnStage {

    /** In a row; so the longest delay is 63 times the first wait. */
    private static final int MOST_LOSSES = 6;

    private final PacketLoss loss;

    PacketLossStage(Pipe pipe, LinkFault fault, PacketLoss loss) {
        super(pipe, fault);
        this.loss = loss;
    }

    @Override
    boolean choosesMessages() {
        return true;
    }

    @Override
    long delay(long unit) {
        Draw draw = fault().draw();
        Draw.Site site = pipe().connection().site(draw, pipe().direction());
        int losses = draw.hits(site, unit) ? draw.losses(site, unit, loss.rate(), MOST_LOSSES) : 0;
        return loss.retransmit().toNanos() * ((1 << losses) - 1);
    }
}
