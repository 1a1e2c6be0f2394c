package dev.firedrill;

import dev.firedrill.internal.NodeControl;
import dev.firedrill.schedule.Durations;
import dev.firedrill.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks on a thread of its own until one incarnation is ready, has ended, or nobody wants to know. One that takes too long
 * is said to be late and is still looked at, for it may only be slow.
 */
final class ReadyWatch {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final Duration SAY_EVERY = Duration.ofSeconds(5);

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
        boolean saidLate = false;
        while (!stopped && control.isAlive()) {
            long since = time.nanos() - from;
            if (control.isReady()) {
                ready.accept(this, Durations.format(Duration.ofMillis((time.nanos() - from) / 1_000_000)));
                return;
            }
            if (since > limit.toNanos() && !saidLate) {
                saidLate = true;
                late.accept("is still not ready, " + Durations.format(limit) + " after its start");
            }
            looks++;
            LockSupport.parkNanos(Math.min(LOOK_EVERY.toNanos() * Math.max(1, looks / 100), 100_000_000L));
        }
    }

    /** Waits for what a watch tells the node. Throws with the node's output if it ends or takes too long. */
    static void await(Node node, NodeControl control, TimeSource time, Duration limit) {
        long from = time.nanos();
        long said = from;
        while (node.state() != Node.State.READY) {
            if (time.nanos() - said > SAY_EVERY.toNanos()) {
                said = time.nanos();
                LOG.info("{} is still starting, for {}s now", node.name(), (said - from) / 1_000_000_000);
            }
            if (node.state() == Node.State.DOWN) {
                throw new ChaosException(
                        node.name() + " ended before it was ready: " + control.ending() + node.outputText());
            }
            if (time.nanos() - from > limit.toNanos()) {
                throw new ChaosException(node.name() + " was not ready within " + Durations.format(limit)
                        + ": it did not accept work on " + node.service().ports()
                        + "; allow more with readyWithin if it is just slow" + node.outputText());
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new ChaosException("interrupted while waiting for " + node.name() + " to be ready");
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
