package dev.firedrill.internal.proxy;

import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Framer.Answer;
import dev.firedrill.spi.Framer.Frame;
import io.netty.buffer.ByteBuf;

/**
 * Swallows the answer to a certain request, and when the node has given all of it counts that once: whoever counts it ends the node.
 *
 * <pre>
 *   looks on -- the request has passed --> awaits -- its whole answer, or what can't be read --> withheld: nothing passes
 * </pre>
 */
final class WithheldReplyStage extends MessageStage {

    private final Connection connection;
    private Answer answer = Answer.PART;
    private boolean awaited;
    private boolean lossy;
    private boolean withheld;

    WithheldReplyStage(Pipe pipe, Dialogue dialogue) {
        super(pipe, dialogue);
        this.connection = pipe.connection();
    }

    /** The request is being passed on; returns false if another one has been. */
    boolean await() {
        boolean first = !awaited;
        awaited = true;
        return first;
    }

    @Override
    boolean looksOn() {
        return !awaited;
    }

    @Override
    boolean isOver() {
        return withheld;
    }

    @Override
    boolean sparesTogether() {
        return !awaited;
    }

    /** None of them is hit, but each is looked at. */
    @Override
    boolean isVulnerable(Frame frame) {
        answer = dialogue().answer(frame);
        return false;
    }

    @Override
    void hit(ByteBuf message, Frame frame, long of, Draw.Site at, long unit) {
        spare(message, of);
    }

    @Override
    void spare(ByteBuf message, long of) {
        if (!awaited || (answer == Answer.ASIDE && !withheld)) {
            forward(message, of);
        } else {
            swallow(message, answer == Answer.WHOLE);
        }
        answer = Answer.PART; // such as the rest of one that is too long
    }

    /** What can't be read may be the answer. */
    @Override
    void raw(ByteBuf bytes, long of) {
        if (awaited) {
            swallow(bytes, true);
        } else {
            forward(bytes, of);
        }
    }

    private void swallow(ByteBuf bytes, boolean whole) {
        bytes.release();
        lossy = true;
        if (whole && !withheld) {
            withheld = true;
            touched();
        }
    }

    /** That of a node that is being killed comes too early: its front tells the caller. */
    @Override
    void end(End end) {
        if (!withheld) {
            super.end(end);
        }
    }

    @Override
    void release() {
        if (lossy) {
            connection.reset(); // the stream has a hole
        } else {
            awaited = false; // what is held goes on
            super.release();
        }
    }

    @Override
    boolean isHolding() {
        return withheld || super.isHolding();
    }
}
