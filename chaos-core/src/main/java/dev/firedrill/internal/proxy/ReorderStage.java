package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Reorder;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Framer.Frame;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Holds a message until the next one has passed. */
final class ReorderStage extends MessageStage {

    private final Reorder reorder;
    private final Deadlines deadlines;
    private @Nullable ByteBuf held;
    private long heldOf;
    private Deadlines.@Nullable Wake wake;

    ReorderStage(Pipe pipe, Dialogue dialogue, Reorder reorder) {
        super(pipe, dialogue);
        this.reorder = reorder;
        this.deadlines = dialogue.connection().front().deadlines();
    }

    @Override
    void hit(ByteBuf message, Frame frame, long of, Draw.Site at, long unit) {
        if (held != null) {
            spare(message, of); // it is the one that overtakes
            return;
        }
        held = message;
        heldOf = of;
        wake = deadlines.at(deadlines.now() + reorder.patience().toNanos(), this::overtakenByNobody);
    }

    @Override
    void spare(ByteBuf message, long of) {
        next().bytes(message, of);
        if (held != null) {
            pass();
            touched();
        }
    }

    @Override
    boolean sparesTogether() {
        return held == null;
    }

    @Override
    void raw(ByteBuf bytes, long of) {
        pass(); // what is not understood keeps its place
        super.raw(bytes, of);
    }

    @Override
    void inherit(Stage from) {
        super.inherit(from);
        if (from instanceof ReorderStage other && other.held != null) {
            held = other.held;
            heldOf = other.heldOf;
            other.held = null;
            deadlines.cancel(other.wake);
            other.wake = null;
            wake = deadlines.at(deadlines.now() + reorder.patience().toNanos(), this::overtakenByNobody);
        }
    }

    private void overtakenByNobody() {
        wake = null;
        pass();
        pipe().settle();
    }

    private void pass() {
        ByteBuf message = held;
        held = null;
        deadlines.cancel(wake);
        wake = null;
        if (message != null) {
            next().bytes(message, heldOf);
        }
    }

    @Override
    void end(End end) {
        pass();
        super.end(end);
    }

    @Override
    void release() {
        pass();
        super.release();
    }

    @Override
    void drop() {
        deadlines.cancel(wake);
        wake = null;
        if (held != null) {
            held.release();
            held = null;
        }
        super.drop();
    }

    @Override
    boolean isHolding() {
        return held != null || super.isHolding();
    }
}
