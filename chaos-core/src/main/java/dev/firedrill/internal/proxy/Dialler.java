package dev.firedrill.internal.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where a link leads, anew for each connection. The supplier and the name service may take their time, so that
 * they are asked on a thread of the link's own, which goes when there is nothing to ask.
 */
final class Dialler {

    static final String NAME = "firedrill-dial";

    private static final int MAX_WAITING = 4096;

    private static final long IDLE_MILLIS = 250;

    /** A lookup ends at once if it heeds interrupts; one that does not is left to its end, on a daemon. */
    private static final long PATIENCE_MILLIS = 100;

    private final Supplier<InetSocketAddress> upstream;
    private final Names names;
    private final IoThread io;
    private final ThreadPoolExecutor pool;
    private volatile @Nullable Thread thread;

    /** The name service. */
    @FunctionalInterface
    interface Names {
        InetAddress[] lookup(String host) throws UnknownHostException;
    }

    Dialler(Supplier<InetSocketAddress> upstream, Names names, IoThread io) {
        this.upstream = upstream;
        this.names = names;
        this.io = io;
        pool = new ThreadPoolExecutor(
                1, 1, IDLE_MILLIS, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(MAX_WAITING), this::thread);
        pool.allowCoreThreadTimeOut(true);
    }

    private Thread thread(Runnable task) {
        Thread made = new Thread(task, NAME);
        made.setDaemon(true);
        thread = made;
        return made;
    }

    /** Hands the addresses to try to {@code found} on the io thread; none if there is no way. */
    void find(Consumer<List<InetSocketAddress>> found) {
        try {
            pool.execute(() -> {
                List<InetSocketAddress> addresses = resolve();
                io.later(() -> found.accept(addresses));
            });
        } catch (RejectedExecutionException e) {
            found.accept(List.of());
        }
    }

    private List<InetSocketAddress> resolve() {
        try {
            InetSocketAddress address = upstream.get();
            if (!address.isUnresolved()) {
                return List.of(address);
            }
            List<InetSocketAddress> all = new ArrayList<>();
            for (InetAddress each : names.lookup(address.getHostString())) {
                all.add(new InetSocketAddress(each, address.getPort()));
            }
            return all;
        } catch (Exception e) {
            // to a caller a node that can't be found is one that can't be reached
            return List.of();
        }
    }

    /** Looks nothing up any more, and waits a moment for the thread to be gone. */
    void close() {
        pool.shutdownNow();
        Thread last = thread;
        if (last == null) {
            return;
        }
        try {
            last.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
