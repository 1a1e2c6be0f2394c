package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Latency;
import dev.firedrill.spi.Draw;
import io.netty.buffer.ByteBuf;

/** Holds each message for a delay that is drawn. */
final class LatencyStage extends LateStage {

    private final LinkFault fault;
    private final Latency latency;
    private long message = -1;
    private long counted = -1;
    private long delay;

    LatencyStage(Pipe pipe, LinkFault fault, Latency latency) {
        super(pipe);
        this.fault = fault;
        this.latency = latency;
    }

    @Override
    void bytes(ByteBuf bytes, long of) {
        if (of != message) {
            message = of;
            delay = draw(pipe().unit(of));
        }
        if (delay > 0 && counted != pipe().burst()) {
            counted = pipe().burst();
            fault.touched(pipe().connection());
        }
        bytes(bytes, of, delay);
    }

    @Override
    boolean choosesMessages() {
        return !fault.draw().always() || !latency.jitter().isZero();
    }

    private long draw(long unit) {
        Draw draw = fault.draw();
        if (!choosesMessages()) {
            return latency.delay().toNanos();
        }
        Draw.Site site = pipe().connection().site(draw, pipe().direction());
        return draw.hits(site, unit) ? draw.delayNanos(site, unit, latency) : 0;
    }
}
