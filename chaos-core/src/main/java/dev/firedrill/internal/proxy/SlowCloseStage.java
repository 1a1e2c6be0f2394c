package dev.firedrill.internal.proxy;

import dev.firedrill.fault.SlowClose;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Holds ends only. */
final class SlowCloseStage extends HoldStage {

    private final LinkFault fault;
    private final long delay;

    SlowCloseStage(Pipe pipe, LinkFault fault, SlowClose slow) {
        super(pipe, 1);
        this.fault = fault;
        this.delay = slow.delay().toNanos();
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        if (head() == null) {
            next().bytes(bytes, message);
        } else {
            // a limit that was healed meanwhile lets them pass, behind the end that it had made
            hold(new Held(bytes, null, message, 0, deadlines().now()));
        }
    }

    @Override
    void end(End end) {
        if (head() != null) {
            hold(new Held(null, end, 0, 0, deadlines().now()));
        } else if (delay == 0 || !pipe().connection().isHit(fault.draw())) {
            next().end(end);
        } else {
            long due = deadlines().now() + delay;
            hold(new Held(null, end, 0, 0, due));
            wakeAt(due);
            fault.touched(pipe().connection());
        }
    }

    @Override
    void advance() {
        long now = deadlines().now();
        @Nullable Held head = head();
        while (head != null && head.due() - now <= 0) {
            passHead();
            head = head();
        }
    }
}
