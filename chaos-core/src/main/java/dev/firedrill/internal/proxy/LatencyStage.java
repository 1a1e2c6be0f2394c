package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Latency;
import dev.firedrill.spi.Draw;

/** Holds each message for a delay that is drawn. */
final class LatencyStage extends DrawnStage {

    private final Latency latency;

    LatencyStage(Pipe pipe, LinkFault fault, Latency latency) {
        super(pipe, fault);
        this.latency = latency;
    }

    @Override
    boolean choosesMessages() {
        return !fault().draw().always() || !latency.jitter().isZero();
    }

    @Override
    long delay(long unit) {
        Draw draw = fault().draw();
        if (!choosesMessages()) {
            return latency.delay().toNanos();
        }
        Draw.Site site = pipe().connection().site(draw, pipe().direction());
        return draw.hits(site, unit) ? draw.delayNanos(site, unit, latency) : 0;
    }
}
