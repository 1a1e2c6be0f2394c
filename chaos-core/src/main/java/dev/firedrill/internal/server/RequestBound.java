package dev.firedrill.internal.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection whose request takes too long to come: a slow client costs a socket for a while, and nothing else. */
final class RequestBound extends ChannelInboundHandlerAdapter {

    private final long millis;
    private @Nullable Future<?> late;

    RequestBound(long millis) {
        this.millis = millis;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        await(context);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        await(context);
        context.fireChannelRead(read);
    }

    private void await(ChannelHandlerContext context) {
        if (late == null) {
            late = context.executor().schedule(() -> close(context), millis, TimeUnit.MILLISECONDS);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    private static void close(ChannelHandlerContext context) {
        context.close();
    }

    /** A whole request is there. To be called on the channel's thread. */
    void complete() {
        if (late != null) {
            late.cancel(false);
            late = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        complete();
        context.fireChannelInactive();
    }
}
