package dev.firedrill.internal.proxy;

import dev.firedrill.spi.TimeSource;
import io.netty.util.concurrent.EventExecutor;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is to happen on a link at a later time; only the next of it is scheduled. Nothing happens too early. Confined to the io
 * thread.
 */
final class Deadlines {

    /** More than that it takes no kernel to wake a thread, but other work on the thread. */
    private static final long MAX_LEAD = TimeUnit.MICROSECONDS.toNanos(200);

    /** How much of the last time counts: enough to follow a machine, not a single hiccup. */
    private static final int WEIGHT = 8;

    private final TimeSource time;
    private final EventExecutor loop;
    private final Runnable run = this::run;
    private final PriorityQueue<Wake> queue = new PriorityQueue<>();
    private @Nullable Future<?> scheduled;
    private @Nullable Wake head;
    private boolean running;
    private long lead;
    private long asked;

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
            long now = now();
            asked = next.at - now > 2 * MAX_LEAD ? next.at - lead : next.at;
            scheduled = loop.schedule(run, Math.max(0, asked - now), TimeUnit.NANOSECONDS);
        }
    }

    private void run() {
        scheduled = null;
        head = null;
        long now = now();
        // the kernel lets a timer wait for others, and takes its time to wake a core: it is asked to begin with that
        // earlier
        lead = Math.max(0, Math.min(MAX_LEAD, lead + (now - asked - lead) / WEIGHT));
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
