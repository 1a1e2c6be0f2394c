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
    private Answer answer = Answer.ASIDE;
    private Answer rest = Answer.ASIDE; // what one that is not waited for is, whose rest is still to come
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

    @Override
    boolean passesEarly() {
        return false; // what is meant is a request
    }

    /** None of them is hit, but each is looked at. */
    @Override
    void cutOff(Frame frame) {
        if (frame.spared() == null) {
            answer = dialogue().answer(frame);
            return;
        }
        boolean over = !dialogue().isWithinGivenUp(direction());
        answer = over || rest == Answer.ASIDE ? rest : Answer.PART;
        if (over) {
            rest = Answer.ASIDE;
        }
    }

    @Override
    boolean isVulnerable(Frame frame) {
        return false;
    }

    @Override
    void hit(ByteBuf message, Frame frame, long of, Draw.Site at, long unit) {
        spare(message, of);
    }

    /** What has gone on in part before the request was passed goes on whole. */
    @Override
    void spare(ByteBuf message, long of) {
        if (!awaited || isAhead() || (answer == Answer.ASIDE && !withheld)) {
            forward(message, of);
        } else {
            swallow(message);
            if (answer == Answer.WHOLE) {
                withhold();
            }
        }
    }

    /** What can't be read may be the answer. */
    @Override
    void raw(ByteBuf bytes, long of) {
        if (!awaited || isAhead()) {
            forward(bytes, of);
        } else {
            swallow(bytes);
            withhold();
        }
    }

    /** What is withheld does not pass. */
    @Override
    void unread(String why) {
        if (!awaited || isAhead()) {
            super.unread(why);
        }
    }

    @Override
    void givenUp(String command) {
        rest = awaited && !isAhead() ? dialogue().answer(Frame.whole(1, command)) : Answer.ASIDE;
    }

    @Override
    void passOver(ByteBuf bytes, long of) {
        if (rest == Answer.ASIDE) {
            forward(bytes, of);
        } else {
            swallow(bytes);
        }
    }

    @Override
    void passedOver() {
        if (rest == Answer.WHOLE) {
            withhold();
        }
        rest = Answer.ASIDE;
    }

    private void swallow(ByteBuf bytes) {
        bytes.release();
        lossy = true;
    }

    private void withhold() {
        if (!withheld) {
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
