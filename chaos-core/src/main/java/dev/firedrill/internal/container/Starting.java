package dev.firedrill.internal.container;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.testcontainers.containers.GenericContainer;

/**
 * The start of one container, in a thread of its own. That one is interrupted when the start makes no sense any more, but not
 * before the container is made: the engine would make it all the same, and nobody would know of it. Used once.
 */
final class Starting {

    private static final long LOOK_MILLIS = 100;
    private static final int MOST_LOOKS_WHILE_MADE = 60;

    private final GenericContainer<?> container;
    private final BooleanSupplier abandoned;
    private final Predicate<String> dead;
    private boolean interrupted;
    private boolean cut;

    /**
     * Not begun.
     *
     * @param abandoned whether nobody waits for it any more
     * @param dead whether the container of an id has ended
     */
    Starting(GenericContainer<?> container, BooleanSupplier abandoned, Predicate<String> dead) {
        this.container = container;
        this.abandoned = abandoned;
        this.dead = dead;
    }

    /** Throws what the container's own start throws. An interruption cuts it short, and is kept. */
    void run(String name) {
        FutureTask<Void> task = new FutureTask<>(container::start, null);
        Thread thread = new Thread(task, "firedrill-start-" + name);
        thread.setDaemon(true);
        thread.start();
        try {
            await(task, thread);
        } catch (ExecutionException e) {
            Throwable cause = requireNonNull(e.getCause());
            if (cause instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) cause;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void await(FutureTask<Void> task, Thread thread) throws ExecutionException {
        int unmade = 0;
        boolean died = false;
        while (true) {
            try {
                task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (TimeoutException e) {
                String id = container.getContainerId();
                boolean unwanted = interrupted || abandoned.getAsBoolean();
                if (!cut && id != null && !unwanted && dead.test(id)) {
                    died = true;
                }
                if (unwanted && id == null) {
                    unmade++;
                }
                if (!cut && (died || (unwanted && (id != null || unmade > MOST_LOOKS_WHILE_MADE)))) {
                    cut = true;
                    thread.interrupt();
                }
            }
        }
    }
}
