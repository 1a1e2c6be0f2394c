package dev.firedrill.internal.proxy;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Work on a thread of its own, whose failure is not lost. */
final class Background<T> {

    private final FutureTask<T> task;

    private Background(FutureTask<T> task) {
        this.task = task;
    }

    /** Work without a result. */
    interface Work {
        void run() throws Exception;
    }

    static Background<Boolean> run(Work work) {
        return call(() -> {
            work.run();
            return true;
        });
    }

    static <T> Background<T> call(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "background");
        thread.setDaemon(true);
        thread.start();
        return new Background<>(task);
    }

    boolean isDone() {
        return task.isDone();
    }

    T result(Duration within) throws Exception {
        try {
            return task.get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not done within " + within, e);
        } catch (ExecutionException e) {
            throw new AssertionError("failed in the background: " + e.getCause(), e);
        }
    }
}
