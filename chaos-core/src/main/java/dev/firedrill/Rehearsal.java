package dev.firedrill;

import dev.firedrill.history.Operation;
import dev.firedrill.probe.Sample.Phase;
import dev.firedrill.report.Event;
import dev.firedrill.schedule.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * One run of an experiment whose body belongs to the caller: begun by {@link Experiment#begin}, over with {@link #finish}.
 *
 * <pre>
 *   begin: steady? ── no ──────────────────────────────┐
 *             │ yes                                    │
 *          inject ── failed ──> heal ─────────────┐    │
 *             │                                   │    │
 *           open  (the body runs, T0)             │    │
 *             │ finish                            v    v
 *   rest of the schedule ─> heal ─> judge ─────> report
 * </pre>
 *
 * Begun and finished by one thread at a time; the drill is safe for concurrent use.
 *
 * @since 0.1
 */
public final class Rehearsal implements AutoCloseable {

    private final Run run;
    private final Recorder recorder;
    private @Nullable String notSteady;
    private @Nullable String aborted;
    private @Nullable Throwable trouble;
    private boolean open;
    private int bodyIndex;
    private @Nullable Report report;

    private Rehearsal(Run run) {
        this.run = run;
        this.recorder = run.recorder();
    }

    static Rehearsal begin(Experiment experiment) {
        Rehearsal rehearsal = new Rehearsal(Run.claim(experiment));
        try {
            rehearsal.begin();
        } catch (InterruptedException e) {
            rehearsal.abort("interrupted before the body began", e);
        } catch (RuntimeException | Error e) {
            rehearsal.run.inForce().healAll();
            rehearsal.run.release();
            throw e;
        }
        return rehearsal;
    }

    private void begin() throws InterruptedException {
        Chaos chaos = run.chaos();
        recorder.event(
                Event.Kind.PHASE,
                "",
                "steady: seed " + chaos.seed() + ", id " + run.experiment().id());
        if (!chaos.isEnabled()) {
            aborted = "faults are switched off by chaos.enabled=false";
            return;
        }
        chaos.ground()
                .tellLeftovers()
                .forEach(line -> recorder.event(Event.Kind.PHASE, "", "an earlier run was cut off: " + line));
        notSteady = lookForTrouble();
        if (notSteady != null) {
            recorder.event(Event.Kind.TROUBLE, "", "not steady: " + notSteady);
            return;
        }
        run.unmark();
        run.services()
                .forEach(service -> service.links().forEach(link -> link.front().countAnew()));
        if (!run.steps().isEmpty()) {
            recorder.event(Event.Kind.PHASE, "", "inject");
        }
        if (!run.timeline().injectBeforeBody()) {
            run.inForce().healAll();
            return;
        }
        run.prober().startBeside();
        bodyIndex = recorder.begin(Operation.BODY, null);
        recorder.event(Event.Kind.PHASE, "", "run: the body begins");
        run.timeline().start();
        open = true;
    }

    private @Nullable String lookForTrouble() throws InterruptedException {
        for (Node node : run.nodes()) {
            if (node.state() == Node.State.DOWN || node.state() == Node.State.PAUSED) {
                return node.name() + " was " + (node.state() == Node.State.DOWN ? "down" : "frozen")
                        + " before any fault was injected" + run.marks() + node.outputText();
            }
        }
        Duration limit = run.experiment().steadyWithin();
        for (Prober.Held each : run.prober().hold(Phase.BEFORE, recorder.now(), limit)) {
            if (!each.isHeld()) {
                return "\"" + each.state().name() + "\" did not hold within " + Durations.format(limit)
                        + " before any fault was injected; last seen: " + each.lastSeen() + run.marks();
            }
        }
        return null;
    }

    /**
     * Says whether the body is to run.
     *
     * @return false if the system was not steady, a fault could not be made, faults are switched off, or the thread was
     *     interrupted
     */
    public boolean isOpen() {
        return open;
    }

    /**
     * The body's view.
     *
     * @return the drill
     */
    public Drill drill() {
        return run.drill();
    }

    /**
     * Ends the body: runs the schedule to its end, heals, judges and writes the report.
     *
     * <p>The second and later calls return the same report. An interruption cuts the waiting short but not the healing: the
     * verdict is {@link Verdict#ABORTED} then, and the thread's interrupt status is set on return.
     *
     * @param failure what the body threw; null if it passed
     * @return the report
     */
    public synchronized Report finish(@Nullable Throwable failure) {
        Report done = report;
        if (done != null) {
            return done;
        }
        // the body may have left the status behind, as a time-out of the test does; healing must not trip over it
        boolean interrupted = Thread.interrupted();
        Ending ending = new Ending(run, failure, open, bodyIndex);
        if (!open) {
            ending.neverOpened(notSteady, aborted, trouble);
        }
        Report made = ending.report();
        report = made;
        if (interrupted || ending.wasInterrupted()) {
            Thread.currentThread().interrupt();
        }
        return made;
    }

    /** Heals what was not finished, whose verdict is {@link Verdict#ABORTED}; does nothing after {@link #finish}. */
    @Override
    public void close() {
        finish(new TestAbortedException("closed before the body was finished"));
    }

    private void abort(String why, Throwable cause) {
        aborted = why;
        trouble = cause;
        run.inForce().healAll();
    }
}
