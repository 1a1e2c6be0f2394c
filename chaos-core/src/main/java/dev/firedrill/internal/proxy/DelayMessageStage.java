package dev.firedrill.internal.proxy;

import dev.firedrill.fault.DelayMessage;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Framer.Frame;
import io.netty.buffer.ByteBuf;

/** Holds messages for a time; what is behind them waits in a stage of its own. */
final class DelayMessageStage extends MessageStage {

    private final long delay;
    private final LateStage late;

    DelayMessageStage(Pipe pipe, Dialogue dialogue, DelayMessage fault) {
        super(pipe, dialogue);
        this.delay = fault.delay().toNanos();
        this.late = new Behind(pipe);
    }

    /** Where what is not hit keeps its place. */
    private static final class Behind extends LateStage {

        Behind(Pipe pipe) {
            super(pipe);
        }

        @Override
        void bytes(ByteBuf bytes, long of) {
            bytes(bytes, of, 0);
        }
    }

    @Override
    void leadsTo(Stage stage) {
        late.leadsTo(stage);
        super.leadsTo(late);
    }

    @Override
    void hit(ByteBuf message, Frame frame, long of, Draw.Site at, long unit) {
        touched();
        late.bytes(message, of, delay);
    }

    @Override
    void inherit(Stage from) {
        super.inherit(from);
        if (from instanceof DelayMessageStage other) {
            late.takeOver(other.late, held -> Math.min(held.due(), held.came() + delay));
        }
    }

    @Override
    void release() {
        super.release();
        late.release();
    }

    @Override
    void drop() {
        super.drop();
        late.drop();
    }

    @Override
    boolean isHolding() {
        return super.isHolding() || late.isHolding();
    }

    @Override
    boolean isFull() {
        return late.isFull();
    }
}
