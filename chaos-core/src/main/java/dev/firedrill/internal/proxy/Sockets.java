package dev.firedrill.internal.proxy;

import dev.firedrill.ChaosException;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The two kinds of socket. Neither reads before it is told to; both keep half-closed connections. */
final class Sockets {

    static final int CONNECT_SECONDS = 10;

    private static final int BACKLOG = 1024;

    /** A connection that is idle has no buffer; one that talks little reads into a small one, bulk in few and large pieces. */
    private static final AdaptiveRecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator(2048, 2048, 1 << 18);

    private static final int READS_IN_TURN = 2;

    static {
        READS.maxMessagesPerRead(READS_IN_TURN);
    }

    @SuppressWarnings("deprecation") // the other name exists in Netty 4.2 only, and 4.1 is served too
    private static final ChannelOption<RecvByteBufAllocator> HOW_TO_READ = ChannelOption.RCVBUF_ALLOCATOR;

    private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(1 << 18, 1 << 19);

    private Sockets() {}

    /** Loads most of what a first link needs, and leaves nothing open. */
    static void load() throws ReflectiveOperationException {
        Transport transport = Transport.get();
        Class.forName(transport.loop());
        ByteBufAllocator.DEFAULT.buffer(1).release();
        transport.listening().getConstructor().newInstance().unsafe().closeForcibly();
    }

    /** Listens; the kernel chooses a port for 0. */
    static Channel listen(String link, InetSocketAddress at, EventLoop loop, Consumer<Channel> accepted) {
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(Transport.get().listening())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(HOW_TO_READ, READS)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.accept(channel);
                    }
                })
                .bind(at);
        if (!bound.awaitUninterruptibly(CONNECT_SECONDS, TimeUnit.SECONDS) || !bound.isSuccess()) {
            throw new ChaosException(
                    "link " + link + ": it could not listen on " + at.getHostString() + ":"
                            + (at.getPort() == 0 ? "(any port)" : at.getPort()) + ": " + bound.cause(),
                    bound.cause());
        }
        return bound.channel();
    }

    /** Its channels have no handler yet and read nothing: a handler serves one channel, and a channel may be one of several tries. */
    static Bootstrap connecting(EventLoop loop) {
        return new Bootstrap()
                .group(loop)
                .channel(Transport.get().connecting())
                .disableResolver() // Netty's own would block the thread that every link needs
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(HOW_TO_READ, READS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TimeUnit.SECONDS.toMillis(CONNECT_SECONDS))
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        // it gets one when it is connected
                    }
                });
    }

    /** Nobody waits for the end of it: what follows from it comes as an event of the channel. */
    @SuppressWarnings("FutureReturnValueIgnored")
    static void close(Channel channel) {
        channel.close();
    }
}
