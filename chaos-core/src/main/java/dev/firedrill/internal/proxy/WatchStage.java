package dev.firedrill.internal.proxy;

import io.netty.buffer.ByteBuf;

/** Counts the messages that pass while another engine makes a fault further on. */
final class WatchStage extends Stage {

    private final Pipe pipe;
    private final LinkFault fault;
    private long counted = -1;

    WatchStage(Pipe pipe, LinkFault fault) {
        this.pipe = pipe;
        this.fault = fault;
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        if (counted != pipe.burst()) {
            counted = pipe.burst();
            fault.touched(pipe.connection());
        }
        next().bytes(bytes, message);
    }

    @Override
    void end(End end) {
        next().end(end);
    }
}
