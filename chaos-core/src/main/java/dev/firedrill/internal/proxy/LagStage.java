package dev.firedrill.internal.proxy;

import io.netty.buffer.ByteBuf;

/** Holds each message for a delay that is drawn anew for it. */
final class LagStage extends LateStage {

    private final LinkFault fault;
    private final long mean;
    private final long jitter;
    private long message = -1;
    private long delay;

    LagStage(Pipe pipe, LinkFault fault, Lag lag) {
        super(pipe);
        this.fault = fault;
        this.mean = lag.delay().toNanos();
        this.jitter = lag.jitter().abs().toNanos();
        this.delay = Math.max(0, mean);
    }

    @Override
    void bytes(ByteBuf bytes, long of) {
        if (jitter > 0 && of != message) {
            message = of;
            Connection connection = pipe().connection();
            long unit = pipe().unit(of);
            double at = fault.draw()
                    .content(connection.site(fault.draw(), pipe().direction()), unit)
                    .uniform();
            delay = Math.max(0, mean + (long) ((2 * at - 1) * jitter));
        }
        bytes(bytes, of, delay);
    }

    @Override
    boolean choosesMessages() {
        return jitter > 0;
    }
}
