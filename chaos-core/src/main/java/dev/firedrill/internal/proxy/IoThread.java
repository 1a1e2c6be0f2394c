package dev.firedrill.internal.proxy;

import dev.firedrill.ChaosException;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one thread that moves bytes. Everything about connections is confined to it. */
final class IoThread implements AutoCloseable {

    static final String NAME = "firedrill-io";

    /** Nothing on the thread ever waits, so that a longer silence means that it is starved or broken. */
    private static final long PATIENCE_SECONDS = 10;

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Budget budget = new Budget();
    private volatile @Nullable Thread thread;

    IoThread() {
        group = Transport.get().group().apply(this::thread);
        loop = group.next();
    }

    private Thread thread(Runnable task) {
        Thread made = new FastThreadLocalThread(task, NAME);
        made.setDaemon(true);
        thread = made;
        return made;
    }

    EventLoop loop() {
        return loop;
    }

    Budget budget() {
        return budget;
    }

    /**
     * Runs a short task on the thread and waits for its end, without giving way to an interrupt: healing has to work in an
     * interrupted thread, too.
     *
     * @throws RejectedExecutionException if the thread has ended
     */
    void run(String what, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return;
        }
        await(what, loop.submit(task));
    }

    /**
     * Waits until sockets that have been closed are really gone: the kernel keeps them, and a listening one takes
     * connections, until the selector has let go of them. Does nothing on the thread itself.
     *
     * @throws RejectedExecutionException if the thread has ended
     */
    @SuppressWarnings("FutureReturnValueIgnored") // both are waited for
    void letGo(String what) {
        if (!loop.inEventLoop()) {
            // what is scheduled on the thread runs behind its next select, what is submitted may run before it
            Future<ScheduledFuture<?>> asked = loop.submit(() -> loop.schedule(() -> {}, 1, TimeUnit.NANOSECONDS));
            await(what, asked);
            await(what, asked.getNow());
        }
    }

    private static void await(String what, Future<?> future) {
        // a task that has not begun is cancelled, so that the caller may rely on nothing having happened
        if (!future.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS)
                && (future.cancel(false) || !future.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS))) {
            throw new ChaosException("embedded proxy: could not " + what + ", because its thread " + NAME
                    + " did not get to it within " + PATIENCE_SECONDS + "s; is the machine overloaded?");
        }
        Throwable cause = future.cause();
        if (cause != null) {
            throw failed(what, cause);
        }
    }

    private static RuntimeException failed(String what, Throwable cause) {
        return cause instanceof RuntimeException e
                ? e
                : new ChaosException("embedded proxy: could not " + what + ": " + cause, cause);
    }

    /** Runs a task on the thread some time; says false if the thread has ended. */
    boolean later(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** Ends the thread and waits until it is gone, at most {@value #PATIENCE_SECONDS} s. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the thread itself is waited for
    public void close() {
        group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS);
        boolean interrupted = Thread.interrupted();
        try {
            // the group's own future would hand its listeners to Netty's global thread; the thread itself says more
            if (!loop.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new ChaosException("embedded proxy: its thread " + NAME + " did not end within "
                        + PATIENCE_SECONDS + "s; it is a daemon and dies with the JVM");
            }
            Thread ended = thread;
            if (ended != null) {
                ended.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
