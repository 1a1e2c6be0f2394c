package dev.firedrill.internal.proxy;

import dev.firedrill.fault.DelayMessage;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Framer.Frame;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Holds messages, and what is behind them, for a time. */
final class DelayMessageStage extends MessageStage {

    private static final int MOST_BYTES = 16 << 20;

    private final DelayMessage delay;
    private final Deadlines deadlines;
    private final ArrayDeque<Late> queue = new ArrayDeque<>();
    private long bytes;
    private @Nullable End ending;
    private Deadlines.@Nullable Wake wake;

    DelayMessageStage(Pipe pipe, Dialogue dialogue, DelayMessage delay) {
        super(pipe, dialogue, true);
        this.delay = delay;
        this.deadlines = dialogue.connection().front().deadlines();
    }

    /** A message, and how long it is held from the moment at which it stands first. */
    private record Late(ByteBuf message, long of, long due, boolean hit) {}

    @Override
    void hit(ByteBuf message, Frame frame, long of, Draw.Site at, long unit) {
        hold(new Late(message, of, deadlines.now() + delay.delay().toNanos(), true));
        touched();
        if (wake == null) {
            advance();
        }
    }

    @Override
    void spare(ByteBuf message, long of) {
        if (queue.isEmpty()) {
            next().bytes(message, of);
        } else {
            hold(new Late(message, of, 0, false));
        }
    }

    private void hold(Late late) {
        bytes += late.message.readableBytes();
        queue.add(late);
    }

    private void advance() {
        wake = null;
        Late head = queue.peek();
        while (head != null && (!head.hit || head.due - deadlines.now() <= 0)) {
            passHead();
            head = queue.peek();
        }
        if (head != null) {
            wake = deadlines.at(head.due, this::woken);
        } else if (ending != null) {
            End end = ending;
            ending = null;
            next().end(end);
        }
    }

    private void woken() {
        advance();
        pipe().settle();
    }

    private void passHead() {
        Late head = queue.remove();
        bytes -= head.message.readableBytes();
        next().bytes(head.message, head.of);
    }

    @Override
    void end(End end) {
        if (queue.isEmpty()) {
            super.end(end);
        } else {
            super.release();
            ending = end;
        }
    }

    @Override
    void release() {
        deadlines.cancel(wake);
        super.release();
        while (!queue.isEmpty()) {
            passHead();
        }
        advance();
    }

    @Override
    void drop() {
        deadlines.cancel(wake);
        wake = null;
        ending = null;
        bytes = 0;
        for (Late late = queue.poll(); late != null; late = queue.poll()) {
            late.message.release();
        }
        super.drop();
    }

    @Override
    boolean isHolding() {
        return !queue.isEmpty() || super.isHolding();
    }

    @Override
    boolean isFull() {
        return bytes >= MOST_BYTES;
    }
}
