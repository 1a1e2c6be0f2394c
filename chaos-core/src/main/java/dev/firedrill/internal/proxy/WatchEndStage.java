package dev.firedrill.internal.proxy;

import io.netty.buffer.ByteBuf;

/** Counts the ends of streams that pass while another engine makes a fault further on. */
final class WatchEndStage extends Stage {

    private final Pipe pipe;
    private final LinkFault fault;

    WatchEndStage(Pipe pipe, LinkFault fault) {
        this.pipe = pipe;
        this.fault = fault;
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        next().bytes(bytes, message);
    }

    @Override
    void end(End end) {
        fault.touched(pipe.connection());
        next().end(end);
    }
}
