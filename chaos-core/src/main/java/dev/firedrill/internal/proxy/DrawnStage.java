package dev.firedrill.internal.proxy;

import io.netty.buffer.ByteBuf;

/** Holds each message for a delay that chance has a say in; what has none is not touched. */
abstract class DrawnStage extends LateStage {

    private final LinkFault fault;
    private long message = -1;
    private long counted = -1;
    private long delay;

    DrawnStage(Pipe pipe, LinkFault fault) {
        super(pipe);
        this.fault = fault;
    }

    final LinkFault fault() {
        return fault;
    }

    /** The delay in nanoseconds of the message that chance knows by that number. */
    abstract long delay(long unit);

    /** What was counted once is not counted again; nor is a candidate, so that what was chosen of several stands. */
    @Override
    final void inherit(Stage from) {
        if (from instanceof DrawnStage other) {
            counted = other.counted;
            boolean chosen = other.fault.draw() == fault.draw() && !fault.draw().always();
            if (chosen) {
                message = other.message;
                delay = other.delay;
            }
            takeOver(other, chosen ? Held::due : held -> held.came() + delayOf(held.message()));
        }
    }

    private long delayOf(long of) {
        if (of != message) {
            message = of;
            delay = delay(pipe().unit(of));
        }
        return delay;
    }

    @Override
    final void bytes(ByteBuf bytes, long of) {
        delayOf(of);
        if (delay > 0 && counted != pipe().burst()) {
            counted = pipe().burst();
            fault.touched(pipe().connection());
        }
        bytes(bytes, of, delay);
    }
}
