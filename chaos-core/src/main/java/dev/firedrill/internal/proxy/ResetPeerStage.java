package dev.firedrill.internal.proxy;

import dev.firedrill.fault.ResetPeer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Resets the connection some time after the first byte in either direction; until then everything passes. */
final class ResetPeerStage extends Stage {

    private final Fuse fuse;

    ResetPeerStage(Fuse fuse) {
        this.fuse = fuse;
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        if (fuse.light()) {
            bytes.release();
        } else {
            next().bytes(bytes, message);
        }
    }

    @Override
    void inherit(Stage from) {
        if (from instanceof ResetPeerStage other) {
            fuse.goOn(other.fuse);
        }
    }

    @Override
    void end(End end) {
        next().end(end);
    }

    @Override
    void release() {
        fuse.cut();
    }

    @Override
    void drop() {
        fuse.cut();
    }

    /** What both directions of a connection share. */
    static final class Fuse {

        private final Connection connection;
        private final LinkFault fault;
        private final ResetPeer reset;
        private boolean lit;
        private boolean burning;
        private long litAt;
        private Deadlines.@Nullable Wake wake;

        Fuse(Connection connection, LinkFault fault, ResetPeer reset) {
            this.connection = connection;
            this.fault = fault;
            this.reset = reset;
        }

        /** Says true if the connection is reset on the spot. */
        private boolean light() {
            if (lit) {
                return false;
            }
            lit = true;
            if (!connection.isHit(fault.draw())) {
                return false;
            }
            if (reset.delay().isZero()) {
                burnt();
                return true;
            }
            burn(connection.front().deadlines().now());
            return false;
        }

        private void burn(long since) {
            burning = true;
            litAt = since;
            wake = connection.front().deadlines().at(since + reset.delay().toNanos(), this::burnt);
        }

        /** What another one has burnt counts. */
        private void goOn(Fuse other) {
            if (other.lit && !lit) {
                lit = true;
                if (other.burning) {
                    burn(other.litAt);
                }
            }
        }

        private void burnt() {
            fault.touched(connection);
            connection.reset(reset.direction());
        }

        private void cut() {
            connection.front().deadlines().cancel(wake);
            wake = null;
        }
    }
}
