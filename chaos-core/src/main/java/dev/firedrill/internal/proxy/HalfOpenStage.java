package dev.firedrill.internal.proxy;

import io.netty.buffer.ByteBuf;

/** Takes the node's end of a connection away as soon as it has hold of it; of one that is not hit everything passes. */
final class HalfOpenStage extends Stage {

    private final Connection connection;
    private final LinkFault fault;

    HalfOpenStage(Connection connection, LinkFault fault) {
        this.connection = connection;
        this.fault = fault;
    }

    @Override
    void begin() {
        if (connection.isHit(fault.draw())) {
            connection.halve(fault);
        }
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        next().bytes(bytes, message);
    }

    @Override
    void end(End end) {
        next().end(end);
    }
}
