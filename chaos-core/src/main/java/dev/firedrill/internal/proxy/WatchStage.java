package dev.firedrill.internal.proxy;

import io.netty.buffer.ByteBuf;

/** Counts the messages that pass while another engine makes a fault further on. */
final class WatchStage extends Stage {

    private final Pipe pipe;
    private final WatchedFault fault;
    private final long unnoticed;
    private long counted = -1;
    private long passed;
    private long turn;

    WatchStage(Pipe pipe, WatchedFault fault) {
        this.pipe = pipe;
        this.fault = fault;
        this.unnoticed = fault.unnoticed();
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        if (fault.countsTurns() && turn != pipe.turn()) {
            turn = pipe.turn();
            passed = 0;
        }
        passed += bytes.readableBytes();
        if (passed >= unnoticed && counted != pipe.burst()) {
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
