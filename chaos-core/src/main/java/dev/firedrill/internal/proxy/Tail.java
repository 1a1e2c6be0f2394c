package dev.firedrill.internal.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;

/** The last stage: writes into the sink. */
final class Tail extends Stage {

    private final Pipe pipe;
    private final Channel sink;
    private boolean dirty;
    private boolean ended;

    Tail(Pipe pipe, Channel sink) {
        this.pipe = pipe;
        this.sink = sink;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // it is the void promise
    void bytes(ByteBuf bytes, long message) {
        if (ended || pipe.isDiscarding()) {
            bytes.release(); // the end was a fault's, which is healed, or what came before ended the connection
            return;
        }
        // a failure shows as an exception on the sink's own pipe
        sink.write(bytes, sink.voidPromise());
        dirty = true;
    }

    @Override
    void end(End end) {
        flush();
        if (end == End.RST) {
            pipe.connection().reset();
            return;
        }
        if (ended) {
            return;
        }
        ended = true;
        if (end == End.CLOSE) {
            pipe.connection().finish();
            return;
        }
        // Netty's shutdownOutput throws away what is not flushed yet, so it has to wait its turn
        sink.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                ((DuplexChannel) sink)
                        .shutdownOutput()
                        .addListener(shut -> pipe.connection().delivered(pipe));
            }
        });
    }

    void flush() {
        if (dirty) {
            dirty = false;
            sink.flush();
        }
    }

    /** Whoever sends behind an end that a fault made is not held up. */
    boolean isWritable() {
        return ended || sink.isWritable();
    }
}
