package dev.firedrill.internal.proxy;

import dev.firedrill.fault.LimitData;
import io.netty.buffer.ByteBuf;

/** Passes on so many bytes and then an end of the whole connection, which waits behind them wherever they are held. */
final class LimitDataStage extends Stage {

    private final Connection connection;
    private final LinkFault fault;
    private final long limit;
    private final boolean spared;
    private long passed;
    private boolean cut;

    LimitDataStage(Pipe pipe, LinkFault fault, LimitData limit) {
        this.connection = pipe.connection();
        this.fault = fault;
        this.limit = limit.bytes();
        this.spared = fault.spares(connection);
    }

    /** What has passed counts; a limit below it ends the connection with the next byte. */
    @Override
    void inherit(Stage from) {
        if (from instanceof LimitDataStage other) {
            passed = other.passed;
            cut = other.cut;
        }
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        if (cut) {
            bytes.release();
            return;
        }
        if (spared || !connection.isHit(fault.draw())) {
            next().bytes(bytes, message);
            return;
        }
        int length = (int) Math.min(Math.max(0, limit - passed), bytes.readableBytes());
        passed += length;
        if (passed >= limit) {
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
