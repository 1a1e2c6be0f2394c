package dev.firedrill;

import dev.firedrill.fault.Fault;
import dev.firedrill.report.Event;
import dev.firedrill.schedule.Durations;
import dev.firedrill.schedule.Schedule.Window;
import dev.firedrill.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the schedules of one experiment on a thread of its own, and says from time to time that the body still runs.
 *
 * <pre>
 *            start             all due tasks done, no trigger awaited
 *   waiting --------> running ----------------------------------------> over
 *                        \                                               ^
 *                         +-------------- stop --------------------------+
 * </pre>
 *
 * The thread ends when the schedule is over and so is the body. Safe for concurrent use.
 */
final class Timeline {

    /** An action such as an orderly stop may take its time; nothing takes longer than this. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingInt(Task::order));
    private final TimeSource time;
    private final long sayEvery;
    private final Recorder recorder;
    private final InForce inForce;
    private final List<StepRun> awaitingTrigger = new ArrayList<>();
    private final Set<StepRun> activated = new HashSet<>();
    private final Set<StepRun> unfinished = new HashSet<>();
    private final Set<StepRun> endless = new HashSet<>();
    private final List<StepRun> runs;
    private final Thread thread;
    private long start;
    private long lastDue;
    private long said;
    private int order;
    private @Nullable Task performing;
    private boolean over;
    private boolean bodyOver;
    private boolean stopped;
    private boolean failed;

    /** Heals go before injections of the same instant. */
    private record Task(long due, int order, StepRun run, int occurrence, boolean heal) {}

    Timeline(String name, TimeSource time, Recorder recorder, InForce inForce, List<StepRun> runs) {
        this.time = time;
        this.sayEvery = recorder.sayEvery().toNanos();
        this.recorder = recorder;
        this.inForce = inForce;
        this.runs = runs;
        this.thread = new Thread(this::run, "firedrill-timeline-" + name);
        this.thread.setDaemon(true);
    }

    /** Injects what must be in force before the body begins; returns false if that failed. */
    boolean injectBeforeBody() {
        for (StepRun run : runs) {
            if (run.step().schedule().beforeBody()) {
                if (!inject(run, 0)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean inject(StepRun run, int occurrence) {
        if (run.step().fault().candidate() == Fault.Candidate.OCCURRENCE
                && !run.draw().hits(run.draw().site("", -1, null), occurrence)) {
            return true;
        }
        if (!inForce.inject(run, occurrence)) {
            signal(() -> failed = true);
            return false;
        }
        signal(() -> activated.add(run));
        return true;
    }

    void start() {
        lock.lock();
        try {
            start = time.nanos();
            said = start;
            lastDue = start;
            for (StepRun run : runs) {
                if (run.step().schedule().on() == null) {
                    plan(run, start, run.step().schedule().beforeBody());
                } else {
                    awaitingTrigger.add(run);
                }
            }
            over = tasks.isEmpty() && awaitingTrigger.isEmpty();
        } finally {
            lock.unlock();
        }
        thread.start();
    }

    private void plan(StepRun run, long from, boolean firstIsIn) {
        List<Window> windows = run.step().schedule().windows(run.chance());
        boolean endsByItself = run.step().fault().reversal() == Fault.Reversal.ENDS_BY_ITSELF;
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            if (i > 0 || !firstIsIn) {
                add(new Task(from + window.start().toNanos(), 1_000_000 + order++, run, i, false));
            }
            if (window.end() != null) {
                add(new Task(from + window.end().toNanos(), order++, run, i, true));
            } else if (i == windows.size() - 1 && !endsByItself) {
                endless.add(run);
            }
        }
        if (tasks.stream().anyMatch(each -> each.run == run)) {
            unfinished.add(run);
        }
    }

    private void add(Task task) {
        tasks.add(task);
        lastDue = Math.max(lastDue, task.due);
    }

    void trigger(String name) {
        lock.lock();
        try {
            if (runs.stream().noneMatch(run -> name.equals(run.step().schedule().on()))) {
                throw new IllegalArgumentException("no step waits for the trigger \"" + name + "\"; there are "
                        + runs.stream()
                                .map(run -> run.step().schedule().on())
                                .filter(on -> on != null)
                                .distinct()
                                .toList());
            }
            List<StepRun> pulled = awaitingTrigger.stream()
                    .filter(run -> name.equals(run.step().schedule().on()))
                    .toList();
            if (!pulled.isEmpty()) {
                recorder.event(Event.Kind.TRIGGER, name, "trigger pulled");
                long now = time.nanos();
                pulled.forEach(run -> plan(run, now, false));
                awaitingTrigger.removeAll(pulled);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        lock.lock();
        try {
            while (!stopped && !(over && bodyOver)) {
                dropLateTriggers();
                Task next = tasks.peek();
                if (next != null && next.due - time.nanos() <= 0) {
                    tasks.poll();
                    perform(next);
                } else {
                    if (next == null && awaitingTrigger.isEmpty() && !over) {
                        over = true;
                        changed.signalAll();
                    }
                    pause(next != null ? next.due - time.nanos() : over ? sayEvery : 50_000_000L);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            over = true;
            changed.signalAll();
            lock.unlock();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    private void pause(long nanos) throws InterruptedException {
        long now = time.nanos();
        if (!bodyOver && now - said >= sayEvery) {
            said = now;
            recorder.waiting("the body" + recorder.doing(), Duration.ofNanos(now - start));
        }
        if (!(over && bodyOver)) {
            changed.awaitNanos(bodyOver ? nanos : Math.min(nanos, sayEvery - (now - said)));
        }
    }

    private void perform(Task task) {
        performing = task;
        // outside the lock: a stop may take seconds, and the body must be able to pull triggers meanwhile
        lock.unlock();
        try {
            if (task.heal) {
                inForce.heal(task.run, task.occurrence);
            } else {
                inject(task.run, task.occurrence);
            }
        } finally {
            lock.lock();
            performing = null;
        }
        if (failed) {
            tasks.removeIf(each -> !each.heal);
            awaitingTrigger.clear();
        }
        if (tasks.stream().noneMatch(each -> each.run == task.run)) {
            unfinished.remove(task.run);
        }
        changed.signalAll();
    }

    private void dropLateTriggers() {
        awaitingTrigger.removeIf(run -> {
            Duration within = run.step().schedule().within();
            if (time.nanos() - start < within.toNanos()) {
                return false;
            }
            run.missed("the trigger \"" + run.step().schedule().on() + "\" was not pulled within "
                    + Durations.format(within));
            return true;
        });
    }

    /** No trigger can come any more. */
    void bodyEnded() {
        signal(() -> {
            bodyOver = true;
            awaitingTrigger.forEach(run -> run.missed("the body ended without pulling the trigger \""
                    + run.step().schedule().on() + "\""));
            awaitingTrigger.clear();
        });
    }

    /** Waits until the schedule is over. */
    void awaitOver() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long began = time.nanos();
            long bound = Math.max(0, lastDue - began) + PATIENCE.toNanos();
            while (!over) {
                long left = bound - (time.nanos() - began);
                if (left <= 0) {
                    throw new ChaosException(
                            "the schedule was not over " + Durations.format(PATIENCE) + " after its last step was due");
                }
                if (changed.awaitNanos(Math.min(left, sayEvery)) <= 0 && !over) {
                    recorder.waiting("the schedule to end" + next(), Duration.ofNanos(time.nanos() - began));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private String next() {
        Task task = performing != null ? performing : tasks.peek();
        if (task == null) {
            return "";
        }
        Duration left = Duration.ofNanos(Math.max(0, task.due - time.nanos()));
        return ", next: " + (task.heal ? "heal " : "inject ") + task.run.step().id() + " in " + Recorder.seconds(left);
    }

    void awaitActive() throws InterruptedException {
        await("active", () -> activated.containsAll(runs));
    }

    void awaitHealed() throws InterruptedException {
        await("healed", () -> {
            // a step that awaits its trigger is known to have no end only when that was pulled
            if (!endless.isEmpty()) {
                throw new IllegalStateException(
                        endless.iterator().next().step().id()
                                + " lasts until the body has ended, so the body can't wait for its end; give it a length with lasting");
            }
            return activated.containsAll(runs) && unfinished.isEmpty();
        });
    }

    private void await(String what, BooleanSupplier reached) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!reached.getAsBoolean()) {
                if (failed || over) {
                    throw new IllegalStateException("the faults will not be " + what + ": "
                            + (failed
                                    ? "one could not be injected"
                                    : "a trigger was not pulled in time, or the schedule is over"));
                }
                changed.awaitNanos(TimeUnit.SECONDS.toNanos(1));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Does nothing further; waits for the action that is going on. */
    void stop() {
        signal(() -> {
            over = true;
            stopped = true;
        });
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
