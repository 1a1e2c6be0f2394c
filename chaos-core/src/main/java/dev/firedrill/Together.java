package dev.firedrill;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Does several things at the same time. */
final class Together {

    private static final int MAX_THREADS = 8;

    private Together() {}

    /**
     * Returns when all have ended; throws the first failure in the order of the list, with the others suppressed. An
     * interruption is passed on to them, and even then nothing goes on behind the back of the caller, who cleans up.
     */
    static void run(String name, List<Runnable> tasks) {
        if (tasks.size() == 1) {
            tasks.get(0).run();
            return;
        }
        if (tasks.isEmpty()) {
            return;
        }
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(MAX_THREADS, tasks.size()), task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        List<Future<?>> futures = new ArrayList<>();
        tasks.forEach(task -> futures.add(pool.submit(task)));
        pool.shutdown();
        boolean interrupted = awaitEnd(pool, futures);
        Throwable trouble = interrupted ? new ChaosException(name + ": interrupted") : null;
        for (Future<?> future : futures) {
            trouble = add(trouble, failure(future));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (trouble instanceof Error error) {
            throw error;
        }
        if (trouble != null) {
            throw (RuntimeException) trouble;
        }
    }

    private static boolean awaitEnd(ExecutorService pool, List<Future<?>> futures) {
        boolean interrupted = false;
        while (true) {
            try {
                if (pool.awaitTermination(1, TimeUnit.MINUTES) || interrupted) {
                    return interrupted;
                }
            } catch (InterruptedException e) {
                interrupted = true;
                futures.forEach(each -> each.cancel(true));
            }
        }
    }

    private static @Nullable Throwable failure(Future<?> future) {
        try {
            future.get(0, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (TimeoutException | CancellationException e) {
            return null; // said once, for all of them
        }
    }

    private static @Nullable Throwable add(@Nullable Throwable trouble, @Nullable Throwable next) {
        if (trouble == null || next == null) {
            return trouble == null ? next : trouble;
        }
        if (next instanceof Error && !(trouble instanceof Error)) {
            next.addSuppressed(trouble);
            return next;
        }
        trouble.addSuppressed(next);
        return trouble;
    }
}
