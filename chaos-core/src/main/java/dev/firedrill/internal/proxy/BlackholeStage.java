package dev.firedrill.internal.proxy;

import io.netty.buffer.ByteBuf;

/** Swallows bytes and ends. */
final class BlackholeStage extends Stage {

    private final Pipe pipe;
    private final Connection connection;
    private final LinkFault fault;
    private long counted = -1;
    private boolean lossy;

    BlackholeStage(Pipe pipe, LinkFault fault) {
        this.pipe = pipe;
        this.connection = pipe.connection();
        this.fault = fault;
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        if (!connection.isHit(fault.draw())) {
            next().bytes(bytes, message);
            return;
        }
        bytes.release();
        lossy = true;
        if (counted != pipe.burst()) {
            counted = pipe.burst();
            fault.touched(connection);
        }
    }

    @Override
    void end(End end) {
        if (connection.isHit(fault.draw())) {
            lossy = true;
        } else {
            next().end(end);
        }
    }

    @Override
    void release() {
        if (lossy) {
            // the stream has a hole, which TCP never shows to anybody
            connection.reset();
        }
    }
}
