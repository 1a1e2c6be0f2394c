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

    private static final String UNTRIED = "its name has no address";

    private final Supplier<InetSocketAddress> upstream;
    private final Names names;
    private final IoThread io;
    private final ThreadPoolExecutor pool;
    private volatile @Nullable Thread thread;
    private volatile String to = "(not known)";

    /** The name service. */
    @FunctionalInterface
    interface Names {
        InetAddress[] lookup(String host) throws UnknownHostException;
    }

    /** The addresses to try, none if there is no way; {@code why} says why there is none, or why the last one failed. */
    record Way(List<InetSocketAddress> addresses, String why) {

        Way failed(Throwable cause) {
            return new Way(addresses, String.valueOf(cause));
        }
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

    /** Where the link led when that was asked last, for people. */
    String to() {
        return to;
    }

    /** Hands the way to {@code found} on the io thread. */
    void find(Consumer<Way> found) {
        try {
            pool.execute(() -> {
                Way way = resolve();
                io.later(() -> found.accept(way));
            });
        } catch (RejectedExecutionException e) {
            found.accept(new Way(List.of(), String.valueOf(e)));
        }
    }

    private Way resolve() {
        try {
            InetSocketAddress address = upstream.get();
            to = address.getHostString() + ":" + address.getPort();
            if (!address.isUnresolved()) {
                return new Way(List.of(address), UNTRIED);
            }
            List<InetSocketAddress> all = new ArrayList<>();
            for (InetAddress each : names.lookup(address.getHostString())) {
                all.add(new InetSocketAddress(each, address.getPort()));
            }
            return new Way(all, UNTRIED);
        } catch (Exception e) {
            // to a caller a node that can't be found is one that can't be reached
            return new Way(List.of(), String.valueOf(e));
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
