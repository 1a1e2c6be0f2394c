package dev.firedrill.internal.proxy;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Ends one channel, either by RST or in good order: end of stream after what has been written, then whatever the peer still
 * sends is read and thrown away, for a close with unread bytes would send an RST after all.
 */
final class Farewell extends ChannelInboundHandlerAdapter {

    private static final long PATIENCE_MILLIS = 2_000;

    /** For a peer that takes little by little, or nothing more, of what was written. */
    private static final long SLOW_MILLIS = 60_000;

    /** The peer has said all it had to say. */
    private boolean heard;

    private boolean written;

    private Farewell() {}

    static void rst(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            // the socket is closed already, then there is nobody to be reset
        }
        Sockets.close(channel);
    }

    /** Sends the end of the stream after what has been written, and goes on listening. */
    @SuppressWarnings("FutureReturnValueIgnored") // there is nobody to hear of a failed farewell
    static void finish(Channel channel) {
        // Netty's shutdownOutput throws away what is not flushed yet, so it has to wait its turn
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> ((DuplexChannel) channel).shutdownOutput());
    }

    static void orderly(Channel channel, Pipe handler) {
        Farewell farewell = new Farewell();
        channel.pipeline().replace(handler, null, farewell);
        farewell.heard = ((DuplexChannel) channel).isInputShutdown();
        ChannelFuture written = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        // a peer that takes its time shall have all of it
        written.addListener(done -> farewell.written(channel));
        if (!written.isDone()) {
            closeIn(channel, SLOW_MILLIS);
        }
        if (!farewell.heard) {
            channel.config().setAutoRead(true);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as above
    private void written(Channel channel) {
        written = true;
        if (heard) {
            Sockets.close(channel);
        } else {
            ((DuplexChannel) channel).shutdownOutput();
            closeIn(channel, PATIENCE_MILLIS);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // as above
    private static void closeIn(Channel channel, long millis) {
        channel.eventLoop().schedule(() -> Sockets.close(channel), millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        ReferenceCountUtil.release(read);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            heard = true;
            if (written) {
                Sockets.close(context.channel());
            } else {
                Transport.get().inputEnded().accept(context.channel());
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Sockets.close(context.channel());
    }
}
