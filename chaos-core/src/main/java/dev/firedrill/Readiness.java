package dev.firedrill;

import dev.firedrill.schedule.Durations;
import dev.firedrill.spi.NodeControl;
import dev.firedrill.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks afresh, after each start of a node, when it accepts connections. {@link #await} is safe for concurrent use. */
final class Readiness {

    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final Duration SAY_EVERY = Duration.ofSeconds(5);

    private final Node node;
    private final NodeControl control;
    private final TimeSource time;
    private final Duration within;
    private @Nullable Thread watcher; // guarded by the node

    Readiness(Node node, NodeControl control, TimeSource time, Duration within) {
        this.node = node;
        this.control = control;
        this.time = time;
        this.within = within;
    }

    /** Looks on a thread of its own until the node is ready, has ended, or its time is over. */
    void watch() {
        Thread thread = new Thread(this::look, "firedrill-ready-" + node.name());
        thread.setDaemon(true);
        watcher = thread;
        thread.start();
    }

    void stopWatching() {
        Thread thread = watcher;
        if (thread != null) {
            thread.interrupt();
            watcher = null;
        }
    }

    private void look() {
        long from = time.nanos();
        long looks = 0;
        while (!Thread.currentThread().isInterrupted() && time.nanos() - from < within.toNanos()) {
            if (!control.isAlive()) {
                node.ended(since(from));
                return;
            }
            if (control.isReady()) {
                node.ready(since(from));
                return;
            }
            looks++;
            LockSupport.parkNanos(Math.min(LOOK_EVERY.toNanos() * Math.max(1, looks / 100), 100_000_000L));
        }
    }

    private String since(long from) {
        return Durations.format(Duration.ofMillis((time.nanos() - from) / 1_000_000));
    }

    /** Waits until the node accepts connections. Throws with its output if it ends or takes too long. */
    void await() {
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
            if (time.nanos() - from > within.toNanos()) {
                throw new ChaosException(node.name() + " was not ready within " + Durations.format(within)
                        + ": no connection on " + node.service().ports()
                        + "; allow more with readyWithin if it is just slow" + node.outputText());
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new ChaosException("interrupted while waiting for " + node.name() + " to be ready");
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }
}
