package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Bandwidth;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/**
 * Paces bytes: a slice may pass when the time that the bytes before it take at the rate is over. What a late timer misses
 * is made up for while bytes wait, so that the mean rate is kept; a time without bytes earns one slice and no more.
 */
final class BandwidthStage extends HoldStage {

    /** Little, for the sender is to feel the narrow pipe. */
    private static final int MAX_BYTES = 1 << 16;

    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final LinkFault fault;
    private final long rate;
    private final int slice;
    private long free;
    private long counted = -1;

    BandwidthStage(Pipe pipe, LinkFault fault, Bandwidth bandwidth) {
        super(pipe, MAX_BYTES);
        this.fault = fault;
        this.rate = bandwidth.rate().bytesPerSecond();
        this.slice = (int) Math.max(1, Math.min(Integer.MAX_VALUE, rate / 100));
        this.free = deadlines().now();
    }

    /** What has passed is paid for; at a higher rate it is worth less time. */
    @Override
    void inherit(Stage from) {
        if (from instanceof BandwidthStage other && rate > 0) {
            long slowest = deadlines().now() + slice * TimeUnit.SECONDS.toNanos(1) / rate;
            free = slowest - other.free > 0 ? other.free : slowest;
        }
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        // behind what is held nothing passes, whoever's it is
        if (head() == null && !pipe().connection().isHit(fault.draw())) {
            next().bytes(bytes, message);
            return;
        }
        if (head() == null) {
            long earliest = deadlines().now() - SLICE_NANOS;
            free = free - earliest > 0 ? free : earliest;
        }
        hold(new Held(bytes, null, message));
        if (!isAwaited()) {
            advance();
        }
        // whatever is still here is what was held back
        if (head() != null && counted != pipe().burst()) {
            counted = pipe().burst();
            fault.touched(pipe().connection());
        }
    }

    @Override
    void end(End end) {
        if (head() == null) {
            next().end(end);
        } else {
            hold(new Held(null, end, 0));
        }
    }

    @Override
    void advance() {
        long now = deadlines().now();
        for (Held head = head(); head != null; head = head()) {
            ByteBuf bytes = head.bytes();
            if (bytes == null) {
                passHead();
                continue;
            }
            if (rate == 0) {
                return;
            }
            if (free - now > 0) {
                wakeAt(free);
                return;
            }
            int length = Math.min(slice, bytes.readableBytes());
            free += length * TimeUnit.SECONDS.toNanos(1) / rate;
            if (length == bytes.readableBytes()) {
                passHead();
            } else {
                next().bytes(slice(bytes, length), head.message());
            }
        }
    }
}
