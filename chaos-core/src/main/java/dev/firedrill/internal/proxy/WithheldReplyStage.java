package dev.firedrill.internal.proxy;

import io.netty.buffer.ByteBuf;

/** Swallows what the node says after a certain request, and counts that once: whoever counts it ends the node. */
final class WithheldReplyStage extends Stage {

    private final MessageStage follow;
    private final Connection connection;
    private boolean awaited;
    private boolean withheld;

    WithheldReplyStage(Pipe pipe, Dialogue dialogue) {
        this.follow = new FollowStage(pipe, dialogue);
        this.connection = pipe.connection();
    }

    /** The request has been passed on. */
    void await() {
        awaited = true;
    }

    @Override
    void leadsTo(Stage stage) {
        super.leadsTo(stage);
        follow.leadsTo(stage);
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        if (!awaited) {
            follow.bytes(bytes, message);
            return;
        }
        bytes.release();
        if (!withheld) {
            withheld = true;
            follow.touched();
        }
    }

    /** That of a node that is being killed comes too early: its front tells the caller. */
    @Override
    void end(End end) {
        if (!withheld) {
            follow.end(end);
        }
    }

    @Override
    void release() {
        follow.release();
        if (withheld) {
            connection.reset(); // the stream has a hole
        }
    }

    @Override
    void drop() {
        follow.drop();
    }

    @Override
    boolean isHolding() {
        return withheld || follow.isHolding();
    }
}
