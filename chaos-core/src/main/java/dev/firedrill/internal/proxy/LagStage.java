package dev.firedrill.internal.proxy;

import dev.firedrill.spi.Draw;

/** Holds each message for a delay that is drawn anew for it. */
final class LagStage extends DrawnStage {

    private final long mean;
    private final long jitter;

    LagStage(Pipe pipe, LinkFault fault, Lag lag) {
        super(pipe, fault);
        this.mean = lag.delay().toNanos();
        this.jitter = lag.jitter().abs().toNanos();
    }

    @Override
    boolean choosesMessages() {
        return jitter > 0;
    }

    @Override
    long delay(long unit) {
        if (jitter == 0) {
            return Math.max(0, mean);
        }
        Draw draw = fault().draw();
        double at = draw.content(pipe().connection().site(draw, pipe().direction()), unit)
                .uniform();
        return Math.max(0, mean + (long) ((2 * at - 1) * jitter));
    }
}
