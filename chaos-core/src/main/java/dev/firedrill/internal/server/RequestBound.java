package dev.firedrill.internal.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection whose request takes too long to come: a slow client costs a socket for a while, and nothing else. */
final class RequestBound extends ChannelInboundHandlerAdapter {

    private final long millis;
    private final RequestDecoder decoder;
    private final Clients clients;
    private @Nullable Future<?> late;

    RequestBound(long millis, RequestDecoder decoder, Clients clients) {
        this.millis = millis;
        this.decoder = decoder;
        this.clients = clients;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        await(context.channel());
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        clients.works(context.channel());
        await(context.channel());
        context.fireChannelRead(read);
    }

    private void await(Channel client) {
        if (late == null) {
            late = client.eventLoop().schedule(() -> close(client), millis, TimeUnit.MILLISECONDS);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    private static void close(Channel client) {
        client.close();
    }

    /** A whole request is there. To be called on the channel's thread. */
    void complete() {
        if (late != null) {
            late.cancel(false);
            late = null;
        }
    }

    /** All that was asked is answered. To be called on the channel's thread. */
    void answered(Channel client) {
        if (decoder.hasBegun()) {
            await(client); // it came with the last one, and perhaps nothing more will come
        } else {
            clients.rests(client);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        complete();
        context.fireChannelInactive();
    }
}
