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

    /** The new delay counts from when the end came. */
    @Override
    void inherit(Stage from) {
        if (from instanceof SlowCloseStage other) {
            for (Held held = other.handOut(); held != null; held = other.handOut()) {
                long due = head() == null ? held.came() + delay : held.came();
                hold(new Held(held.bytes(), held.end(), held.message(), held.came(), due));
            }
            wakeForHead();
        }
    }

    private void wakeForHead() {
        Held head = head();
        if (head != null) {
            wakeAt(head.due());
        }
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        if (head() == null) {
            next().bytes(bytes, message);
        } else {
            // a limit that was healed meanwhile lets them pass, behind the end that it had made
            held(bytes, null, message);
        }
    }

    @Override
    void end(End end) {
        if (head() != null) {
            held(null, end, 0);
        } else if (delay == 0 || !pipe().connection().isHit(fault.draw())) {
            next().end(end);
        } else {
            long now = deadlines().now();
            hold(new Held(null, end, 0, now, now + delay));
            wakeForHead();
            fault.touched(pipe().connection());
        }
    }

    private void held(@Nullable ByteBuf bytes, @Nullable End end, long message) {
        long now = deadlines().now();
        hold(new Held(bytes, end, message, now, now));
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
