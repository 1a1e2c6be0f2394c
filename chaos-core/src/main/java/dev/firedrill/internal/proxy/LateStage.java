package dev.firedrill.internal.proxy;

import io.netty.buffer.ByteBuf;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Holds each message for its own delay, side by side with the others. A message is never delivered before the one in front
 * of it, so that a short delay behind a long one costs the long one.
 */
abstract class LateStage extends HoldStage {

    /** What may be under way at once, as the window of a long line: 160 MB/s at 100 ms. A faster sender has to wait. */
    private static final int MAX_BYTES = 16 << 20;

    LateStage(Pipe pipe) {
        super(pipe, MAX_BYTES);
    }

    final void bytes(ByteBuf bytes, long of, long delay) {
        Held last = last();
        if (last == null && delay == 0) {
            next().bytes(bytes, of);
            return;
        }
        long now = deadlines().now();
        long due = now + delay;
        hold(new Held(bytes, null, of, now, last == null ? due : later(last.due(), due)));
        if (!isAwaited()) {
            wakeAt(due);
        }
    }

    @Override
    final void end(End end) {
        Held last = last();
        if (last == null) {
            next().end(end);
        } else {
            hold(new Held(null, end, last.message(), last.came(), last.due()));
        }
    }

    /**
     * Goes on with what another one holds: who changes a delay over and over must not put off what is under way.
     *
     * @param dues when bytes are due now; later if what is in front of them is
     */
    final void takeOver(LateStage from, ToLongFunction<Held> dues) {
        for (Held held = from.handOut(); held != null; held = from.handOut()) {
            Held last = last();
            long due = held.bytes() == null ? held.came() : dues.applyAsLong(held);
            hold(new Held(
                    held.bytes(),
                    held.end(),
                    held.message(),
                    held.came(),
                    last == null ? due : later(last.due(), due)));
        }
        advance();
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    @Override
    final void advance() {
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
