package dev.firedrill.internal.proxy;

import dev.firedrill.spi.TimeSource;
import io.netty.util.concurrent.EventExecutor;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is to happen on a link at a later time; only the next of it is scheduled. Confined to the io thread. */
final class Deadlines {

    private final TimeSource time;
    private final EventExecutor loop;
    private final PriorityQueue<Wake> queue = new PriorityQueue<>();
    private @Nullable Future<?> scheduled;
    private @Nullable Wake head;
    private boolean running;

    Deadlines(TimeSource time, EventExecutor loop) {
        this.time = time;
        this.loop = loop;
    }

    /** One thing to do. */
    record Wake(long at, Runnable task) implements Comparable<Wake> {

        @Override
        public int compareTo(Wake other) {
            return Long.signum(at - other.at); // a monotonic clock may wrap
        }

        // two of the same time and task are still two
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    long now() {
        return time.nanos();
    }

    Wake at(long nanos, Runnable task) {
        Wake wake = new Wake(nanos, task);
        queue.add(wake);
        schedule();
        return wake;
    }

    void cancel(@Nullable Wake wake) {
        if (wake != null && queue.remove(wake)) {
            schedule();
        }
    }

    void clear() {
        queue.clear();
        schedule();
    }

    private void schedule() {
        if (running) {
            return; // once is enough, when all that is due has been done
        }
        Wake next = queue.peek();
        if (Objects.equals(next, head)) {
            return;
        }
        if (scheduled != null) {
            scheduled.cancel(false);
            scheduled = null;
        }
        head = next;
        if (next != null) {
            scheduled = loop.schedule(this::run, Math.max(0, next.at - now()), TimeUnit.NANOSECONDS);
        }
    }

    private void run() {
        scheduled = null;
        head = null;
        long now = now();
        running = true;
        try {
            for (Wake next = queue.peek(); next != null && next.at - now <= 0; next = queue.peek()) {
                queue.poll();
                next.task.run();
            }
        } finally {
            running = false;
            schedule();
        }
    }
}
