package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Blackhole;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Swallows bytes and, unless it is a toxic, ends; closes the connection when nothing has come for a while. */
final class BlackholeStage extends Stage {

    private final Pipe pipe;
    private final Connection connection;
    private final LinkFault fault;
    private final long timeout;
    private long counted = -1;
    private boolean lossy;
    private Deadlines.@Nullable Wake wake;

    BlackholeStage(Pipe pipe, LinkFault fault, Blackhole blackhole) {
        this.pipe = pipe;
        this.connection = pipe.connection();
        this.fault = fault;
        this.timeout = blackhole.timeout().toNanos();
    }

    @Override
    void begin() {
        if (timeout > 0 && connection.isHit(fault.draw())) {
            await();
        }
    }

    @Override
    void inherit(Stage from) {
        if (from instanceof BlackholeStage other) {
            lossy = other.lossy;
            other.lossy = false;
        }
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
        if (timeout > 0) {
            await();
        }
    }

    private void await() {
        drop();
        Deadlines deadlines = connection.front().deadlines();
        wake = deadlines.at(deadlines.now() + timeout, this::expired);
    }

    private void expired() {
        fault.touched(connection);
        connection.finish();
    }

    @Override
    void end(End end) {
        // a fault before this one has closed the connection: both of its sides learn that
        if (end != End.CLOSE && fault.swallowsEnds() && connection.isHit(fault.draw())) {
            lossy = true;
            pipe.endSwallowed();
        } else {
            next().end(end);
        }
    }

    @Override
    void release() {
        drop();
        if (lossy) {
            // the stream has a hole, which TCP never shows to anybody
            connection.reset();
        }
    }

    @Override
    void drop() {
        connection.front().deadlines().cancel(wake);
        wake = null;
    }
}
