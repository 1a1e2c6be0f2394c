package dev.firedrill.internal.proxy;

import dev.firedrill.schedule.Chance;
import dev.firedrill.spi.TimeSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * Proxies that belong to no experiment, on the thread that all embedded proxies of one such group share. Safe for concurrent
 * use.
 */
public final class TcpProxies implements AutoCloseable {

    private final TimeSource time;
    private final Chance chance;
    private final IoThread io = new IoThread();

    /**
     * None so far; the thread begins with the first.
     *
     * @param time the clock of the delays
     * @param chance what decides about connections and messages, by the proxy's name
     */
    public TcpProxies(TimeSource time, Chance chance) {
        this.time = time;
        this.chance = chance;
    }

    /**
     * A proxy that does not listen yet.
     *
     * @param name the proxy's name
     * @param upstream asked anew for each connection; may be unresolved
     * @return the proxy
     */
    public TcpProxy proxy(String name, Supplier<InetSocketAddress> upstream) {
        Dialler dialler = new Dialler(upstream, InetAddress::getAllByName, io);
        return new TcpProxy(
                new LinkFront(Line.named(name), dialler, io, time, () -> {}, () -> {}), io, chance.at(name));
    }

    /** Closes what is still open, and returns when the thread has ended. */
    @Override
    public void close() {
        io.close();
    }
}
