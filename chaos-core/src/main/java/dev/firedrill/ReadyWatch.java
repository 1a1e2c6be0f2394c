package dev.firedrill;

import dev.firedrill.schedule.Durations;
import dev.firedrill.spi.NodeControl;
import dev.firedrill.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Looks on a thread of its own until one incarnation is ready, has ended, took too long, or nobody wants to know. */
final class ReadyWatch {

    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final NodeControl control;
    private final TimeSource time;
    private final Duration limit;
    private final BiConsumer<ReadyWatch, String> ready;
    private final Consumer<String> late;
    private final Thread thread;
    private volatile boolean stopped;

    ReadyWatch(
            String node,
            NodeControl control,
            TimeSource time,
            Duration limit,
            BiConsumer<ReadyWatch, String> ready,
            Consumer<String> late) {
        this.control = control;
        this.time = time;
        this.limit = limit;
        this.ready = ready;
        this.late = late;
        this.thread = new Thread(this::look, "firedrill-ready-" + node);
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** A look may still be going on afterwards and even report: what it saw is of an incarnation that is gone. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    private void look() {
        long from = time.nanos();
        long looks = 0;
        while (!stopped && control.isAlive()) {
            long since = time.nanos() - from;
            if (control.isReady()) {
                ready.accept(this, Durations.format(Duration.ofMillis((time.nanos() - from) / 1_000_000)));
                return;
            }
            if (since > limit.toNanos()) {
                late.accept("is still not ready, " + Durations.format(limit) + " after its start");
                return;
            }
            looks++;
            LockSupport.parkNanos(Math.min(LOOK_EVERY.toNanos() * Math.max(1, looks / 100), 100_000_000L));
        }
    }
}
