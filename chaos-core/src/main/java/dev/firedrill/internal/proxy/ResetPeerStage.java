package dev.firedrill.internal.proxy;

import dev.firedrill.fault.ResetPeer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Resets the connection some time after the first byte in either direction. Until then everything passes; a toxic swallows what
 * its direction says.
 */
final class ResetPeerStage extends Stage {

    private final Fuse fuse;

    ResetPeerStage(Fuse fuse) {
        this.fuse = fuse;
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        if (fuse.light() || fuse.swallows()) {
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
        if (!fuse.swallows()) {
            next().end(end);
        }
    }

    @Override
    void release() {
        fuse.putOut();
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
        private boolean lossy;
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

        /** Says true if what comes is lost. */
        private boolean swallows() {
            lossy |= burning && fault.swallowsUntilReset();
            return lossy;
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
                lossy = other.lossy;
                other.lossy = false;
                if (other.burning) {
                    burn(other.litAt);
                }
            }
        }

        private void burnt() {
            fault.touched(connection);
            connection.reset(reset.direction());
        }

        private void putOut() {
            cut();
            if (lossy) {
                connection.reset(); // the stream has a hole
            }
        }

        private void cut() {
            connection.front().deadlines().cancel(wake);
            wake = null;
        }
    }
}
