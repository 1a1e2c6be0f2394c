package dev.firedrill.internal.proxy;

import dev.firedrill.fault.LimitData;
import io.netty.buffer.ByteBuf;

/** Passes on so many bytes and then an end of the whole connection, which waits behind them wherever they are held. */
final class LimitDataStage extends Stage {

    private final Connection connection;
    private final LinkFault fault;
    private long left;
    private boolean cut;

    LimitDataStage(Pipe pipe, LinkFault fault, LimitData limit) {
        this.connection = pipe.connection();
        this.fault = fault;
        this.left = limit.bytes();
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        if (cut) {
            bytes.release();
            return;
        }
        if (!connection.isHit(fault.draw())) {
            next().bytes(bytes, message);
            return;
        }
        int length = (int) Math.min(left, bytes.readableBytes());
        left -= length;
        if (left == 0) {
            cut = true;
            fault.touched(connection);
        }
        if (length == bytes.readableBytes()) {
            next().bytes(bytes, message);
        } else {
            pass(bytes, length, message);
        }
        if (cut) {
            next().end(End.CLOSE);
        }
    }

    private void pass(ByteBuf bytes, int length, long message) {
        if (length > 0) {
            next().bytes(bytes.readRetainedSlice(length), message);
        }
        bytes.release();
    }

    @Override
    void end(End end) {
        if (!cut || end == End.RST) {
            next().end(end);
        }
    }
}
