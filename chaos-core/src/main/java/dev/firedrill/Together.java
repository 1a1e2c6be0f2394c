package dev.firedrill;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Does several things at the same time. */
final class Together {

    private static final int MAX_THREADS = 8;

    private Together() {}

    /** Returns when all have ended; throws the first failure in the order of the list, with the others suppressed. */
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
        try {
            List<Future<?>> futures = new ArrayList<>();
            tasks.forEach(task -> futures.add(pool.submit(task)));
            await(name, futures);
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(String name, List<Future<?>> futures) {
        RuntimeException trouble = null;
        for (Future<?> future : futures) {
            try {
                future.get();
            } catch (InterruptedException e) {
                futures.forEach(each -> each.cancel(true));
                Thread.currentThread().interrupt();
                throw new ChaosException(name + ": interrupted", e);
            } catch (ExecutionException e) {
                trouble = add(trouble, requireNonNull(e.getCause()));
            }
        }
        if (trouble != null) {
            throw trouble;
        }
    }

    private static RuntimeException add(@Nullable RuntimeException trouble, Throwable next) {
        if (next instanceof Error error) {
            throw error;
        }
        RuntimeException failure = (RuntimeException) next;
        if (trouble == null) {
            return failure;
        }
        trouble.addSuppressed(failure);
        return trouble;
    }
}
