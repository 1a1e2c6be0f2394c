package dev.firedrill;

import dev.firedrill.history.Operation;
import dev.firedrill.schedule.Chance;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The drill of one run. Safe for concurrent use. */
final class LiveDrill implements Drill {

    private final Recorder recorder;
    private final Timeline timeline;
    private final InForce inForce;
    private final long seed;
    private final Chance chance;

    LiveDrill(Recorder recorder, Timeline timeline, InForce inForce, long seed, Chance chance) {
        this.recorder = recorder;
        this.timeline = timeline;
        this.inForce = inForce;
        this.seed = seed;
        this.chance = chance;
    }

    @Override
    public <T extends @Nullable Object> T operation(String name, @Nullable Object input, Callable<T> work)
            throws Exception {
        if (name.isBlank() || name.equals(Operation.BODY)) {
            throw recorder.misuse(new IllegalArgumentException("operation: the name "
                    + (name.isBlank() ? "is blank" : "\"" + name + "\" is that of the body itself")
                    + "; say what is done, such as \"pay\""));
        }
        int index = recorder.begin(name, input);
        Throwable failure = null;
        T output = null;
        try {
            output = work.call();
            return output;
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            recorder.end(index, output, failure);
        }
    }

    @Override
    public void awaitActive() {
        await(timeline::awaitActive, "active");
    }

    @Override
    public void awaitHealed() {
        await(timeline::awaitHealed, "healed");
    }

    private interface Wait {
        void run() throws InterruptedException;
    }

    private void await(Wait wait, String what) {
        try {
            wait.run();
        } catch (IllegalStateException e) {
            throw recorder.misuse(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the faults to be " + what, e);
        }
    }

    @Override
    public boolean isActive() {
        return !inForce.isEmpty();
    }

    @Override
    public void trigger(String name) {
        try {
            timeline.trigger(name);
        } catch (IllegalArgumentException e) {
            throw recorder.misuse(e);
        }
    }

    @Override
    public long seed() {
        return seed;
    }

    @Override
    public Chance chance(String purpose) {
        return chance.at("test").at(purpose);
    }
}
