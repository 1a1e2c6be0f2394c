package dev.firedrill.internal.proxy;

import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.Objects;

/** All that knows the optional artifact. */
final class EpollTransport {

    /** From this JDK on, loading native code without leave prints a warning into each test run. */
    private static final int WARNS_FROM = 24;

    private EpollTransport() {}

    static boolean isThere() {
        return isOf(Channel.class.getPackage()) && mayLoad() && Epoll.isAvailable();
    }

    /** A project may manage one artifact of Netty and forget another. */
    private static boolean isOf(Package transport) {
        return Objects.equals(
                transport.getImplementationVersion(), Epoll.class.getPackage().getImplementationVersion());
    }

    private static boolean mayLoad() {
        if (Runtime.version().feature() < WARNS_FROM) {
            return true;
        }
        try {
            return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(Channel.class.getModule());
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    @SuppressWarnings("deprecation") // the replacement exists in Netty 4.2 only, and 4.1 is served too
    static Transport make() {
        return new Transport(
                threads -> new EpollEventLoopGroup(1, threads),
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                "io.netty.channel.epoll.EpollEventLoop");
    }
}
