package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Latency;
import dev.firedrill.spi.Draw;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Holds each message for its own delay, side by side with the others. A message is never delivered before the one in front
 * of it, so that a short delay behind a long one costs the long one.
 */
final class LatencyStage extends HoldStage {

    /** What may be under way at once, as the window of a long line: 160 MB/s at 100 ms. A faster sender has to wait. */
    private static final int MAX_BYTES = 16 << 20;

    private final LinkFault fault;
    private final Latency latency;
    private long message = -1;
    private long counted = -1;
    private long delay;

    LatencyStage(Pipe pipe, LinkFault fault, Latency latency) {
        super(pipe, MAX_BYTES);
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
        Held last = last();
        if (last == null && delay == 0) {
            next().bytes(bytes, of);
            return;
        }
        long due = deadlines().now() + delay;
        hold(new Held(bytes, null, of, last == null ? due : later(last.due(), due)));
        if (!isAwaited()) {
            wakeAt(due);
        }
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
        return draw.hits(site, unit) ? draw.delayNanos(site, unit, latency.delay(), latency.jitter()) : 0;
    }

    @Override
    void end(End end) {
        Held last = last();
        if (last == null) {
            next().end(end);
        } else {
            hold(new Held(null, end, message, last.due()));
        }
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    @Override
    void advance() {
        long now = deadlines().now();
        @Nullable Held head = head();
        while (head != null && head.due() - now <= 0) {
            passHead();
            head = head();
        }
        if (head != null) {
            wakeAt(head.due());
        }
    }
}
