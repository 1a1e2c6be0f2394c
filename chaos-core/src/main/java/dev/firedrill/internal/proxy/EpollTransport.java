package dev.firedrill.internal.proxy;

import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.Native;
import io.netty.util.Version;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** All that knows the optional artifact. */
final class EpollTransport {

    /** A project may manage one of them and forget another, and a native file of another version fails in the middle of work. */
    private static final List<String> PARTS = List.of(
            "netty-transport",
            "netty-transport-classes-epoll",
            "netty-transport-native-unix-common",
            "netty-transport-native-epoll");

    /** From this JDK on, loading native code without leave prints a warning into each test run. */
    private static final int WARNS_FROM = 24;

    private EpollTransport() {}

    static @Nullable Transport ifThere() {
        MethodHandle setFlag = isWhole() && mayLoad() && Epoll.isAvailable() ? setFlag() : null;
        return setFlag == null ? null : make(setFlag);
    }

    private static boolean isWhole() {
        Map<String, Version> versions = Version.identify(Channel.class.getClassLoader());
        Set<String> found = new HashSet<>();
        for (String part : PARTS) {
            Version version = versions.get(part);
            found.add(version == null ? "" : version.artifactVersion());
        }
        return found.size() == 1 && !found.contains("");
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

    private static @Nullable MethodHandle setFlag() {
        try {
            Method method =
                    EpollSocketChannel.class.getSuperclass().getSuperclass().getDeclaredMethod("setFlag", int.class);
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    @SuppressWarnings("deprecation") // the replacement exists in Netty 4.2 only, and 4.1 is served too
    private static Transport make(MethodHandle setFlag) {
        return new Transport(
                threads -> new EpollEventLoopGroup(1, threads),
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                channel -> keep(channel, setFlag),
                "io.netty.channel.epoll.EpollEventLoop");
    }

    /**
     * From 4.2.13 on Netty takes a channel out of epoll as soon as it waits for nothing, and can't put it back
     * (netty/netty#16689): a peer that ends first and then takes the reply slowly would lose it. One flag more, which
     * means nothing while nothing is read and which 4.1 sets anyway, keeps the channel in.
     */
    private static void keep(Channel channel, MethodHandle setFlag) {
        try {
            setFlag.invoke(channel, Native.EPOLLET);
        } catch (Throwable e) {
            channel.pipeline().fireExceptionCaught(e);
        }
    }
}
