package dev.firedrill.internal.proxy;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How the kernel is asked: by epoll where the platform and the class path have it, by the JDK's selector elsewhere.
 *
 * @param group makes a group of one thread
 * @param listening what accepts
 * @param connecting what connects
 * @param inputEnded what a channel needs whose peer has ended while it goes on sending
 * @param loop the class that does most of the work
 */
record Transport(
        Function<ThreadFactory, EventLoopGroup> group,
        Class<? extends ServerChannel> listening,
        Class<? extends Channel> connecting,
        Consumer<Channel> inputEnded,
        String loop) {

    private static final Transport BEST = best();

    static Transport get() {
        return BEST;
    }

    private static Transport best() {
        try {
            Transport epoll = EpollTransport.ifThere();
            return epoll == null ? nio() : epoll;
        } catch (LinkageError e) {
            return nio(); // it is an optional artifact
        }
    }

    @SuppressWarnings("deprecation") // the replacement exists in Netty 4.2 only, and 4.1 is served too
    private static Transport nio() {
        return new Transport(
                threads -> new NioEventLoopGroup(1, threads),
                NioServerSocketChannel.class,
                NioSocketChannel.class,
                channel -> {},
                "io.netty.channel.nio.NioEventLoop");
    }
}
