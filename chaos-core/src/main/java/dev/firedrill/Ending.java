package dev.firedrill;

import dev.firedrill.history.Invariant;
import dev.firedrill.probe.Recovery;
import dev.firedrill.report.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** Hops four and five of one run: what is left of the schedule, healing, judging. Used once. */
final class Ending {

    private final Run run;
    private final Recorder recorder;
    private final @Nullable Throwable failure;
    private final boolean open;
    private final int body;
    private final Duration bodyEnded;
    private final Findings found = new Findings();
    private @Nullable String notSteady;
    private @Nullable String aborted;
    private @Nullable Throwable trouble;

    /**
     * @param body the number of the operation that the body is; unless it was opened, nothing
     */
    Ending(Run run, @Nullable Throwable failure, boolean open, int body) {
        this.run = run;
        this.recorder = run.recorder();
        this.failure = failure;
        this.open = open;
        this.body = body;
        this.bodyEnded = recorder.now();
    }

    /** What hops two to five found; filled in as they go. */
    static final class Findings {
        final List<String> healTroubles = new ArrayList<>();
        final List<Invariant.Result> invariants = new ArrayList<>();
        Evidence.@Nullable Return comeBack;

        @Nullable
        Recovery recovery;

        @Nullable
        String expected;

        @Nullable
        String lastSeen;

        @Nullable
        Throwable cause;

        Impact impact = Impact.NOT_MEASURED;
    }

    private void bodyOver() {
        // a body that does not wait for an answer may be over before a front sees what it sent
        run.services().forEach(service -> service.links().forEach(Link::settle));
        recorder.end(body, null, failure);
        recorder.event(
                Event.Kind.PHASE, "", "the body " + (failure == null ? "passed" : "failed: " + Recorder.text(failure)));
    }

    void neverOpened(@Nullable String why, @Nullable String abortion, @Nullable Throwable cause) {
        if (why != null && run.isFiredrillToBlame()) {
            found.healTroubles.add(why);
        } else {
            notSteady = why;
        }
        aborted = abortion;
        trouble = cause;
    }

    Report report() {
        try {
            if (open) {
                bodyOver();
                end();
            }
        } finally {
            run.inForce().healAll();
            run.release();
        }
        return assemble();
    }

    boolean wasInterrupted() {
        return trouble instanceof InterruptedException;
    }

    private void end() {
        Timeline timeline = run.timeline();
        try {
            timeline.bodyEnded();
            if (failure instanceof TestAbortedException || failure instanceof InterruptedException) {
                abort(
                        failure instanceof InterruptedException ? "the body was interrupted" : Recorder.text(failure),
                        failure);
            } else {
                timeline.awaitOver();
            }
            timeline.stop();
            run.prober().stopBeside();
            judge();
        } catch (InterruptedException e) {
            timeline.stop();
            abort("interrupted while the experiment was being judged", e);
        } catch (ChaosException e) {
            timeline.stop();
            found.healTroubles.add(Recorder.text(e));
        }
    }

    private void abort(String why, Throwable cause) {
        aborted = why;
        trouble = cause;
        run.inForce().healAll();
    }

    private void judge() throws InterruptedException {
        InForce inForce = run.inForce();
        Recovery.From from = run.experiment().from();
        if (from == Recovery.From.HEAL || aborted != null) {
            heal();
        }
        if (aborted != null || !inForce.injectTroubles().isEmpty()) {
            heal();
            return;
        }
        if (inForce.healTroubles().isEmpty()) {
            recorder.event(Event.Kind.PHASE, "", "judge");
            Returning returning = new Returning(run.experiment(), recorder, run.prober(), run.nodes(), run.subject());
            found.comeBack = returning.await(clockStart(from), bodyEnded, from, healedKinds());
            found.recovery = returning.recovery();
            found.expected = returning.expected();
            found.lastSeen = returning.lastSeen();
        }
        heal();
        if (inForce.healTroubles().isEmpty()) {
            boolean patient = found.comeBack != null && found.comeBack.inTime();
            found.invariants.addAll(new Invariants(recorder, run.prober())
                    .check(run.experiment().invariants(), patient));
        }
    }

    private void heal() {
        if (!run.inForce().isEmpty()) {
            recorder.event(Event.Kind.PHASE, "", "heal");
            run.inForce().healAll();
        }
    }

    /** The later of the last heal and the body's end; the first effect for fail-over. */
    private Duration clockStart(Recovery.From from) {
        if (from == Recovery.From.EFFECT) {
            Duration effect = run.firstEffect();
            return effect != null ? effect : bodyEnded;
        }
        Duration heal = run.inForce().lastHeal();
        return heal != null && heal.compareTo(bodyEnded) > 0 ? heal : bodyEnded;
    }

    private String healedKinds() {
        return run.steps().stream()
                .map(step -> step.step().fault().kind())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    private Report assemble() {
        List<Duration[]> spans = recorder.spans();
        List<String> noEffects = new ArrayList<>();
        boolean effectInTime = false;
        boolean actedInTime = false;
        for (StepRun step : run.steps()) {
            String none = step.noEffect(spans);
            if (none != null) {
                noEffects.add(none);
            }
            Duration first = step.firstEffect();
            boolean inTime = first != null && first.compareTo(bodyEnded) <= 0;
            actedInTime |= inTime;
            effectInTime |= inTime && (none == null || step.isAmbiguous());
        }
        InForce inForce = run.inForce();
        inForce.healTroubles().forEach(each -> found.healTroubles.add(each.text()));
        boolean judged = open && aborted == null;
        Evidence evidence = new Evidence(
                run.subject(),
                found.healTroubles,
                inForce.injectTroubles().stream().map(InForce.Trouble::text).toList(),
                notSteady,
                aborted,
                judged ? failure : null,
                recorder.isMisuse(failure),
                actedInTime,
                effectInTime,
                judged ? noEffects : List.of(),
                found.comeBack,
                found.invariants,
                !run.experiment().steadyStates().isEmpty());
        run.nodes().forEach(this::markIfBroken);
        found.cause = cause();
        found.impact = Impact.of(run.firstEffect(), recorder);
        return new Assembly(run).report(Judge.judge(evidence), found);
    }

    private @Nullable Throwable cause() {
        if (failure != null) {
            return failure;
        }
        if (trouble != null) {
            return trouble;
        }
        List<InForce.Trouble> troubles = new ArrayList<>(run.inForce().healTroubles());
        troubles.addAll(run.inForce().injectTroubles());
        return troubles.isEmpty() ? null : troubles.get(0).cause();
    }

    /** A fault that could not be undone has marked the service already. */
    private void markIfBroken(Node node) {
        if (node.state() == Node.State.DOWN
                && !node.isForeign()
                && node.service().mark() == null) {
            String mark = node.name() + " ended during \"" + run.experiment().name() + "\" and did not come back";
            node.service().mark(new Service.Mark(mark, false));
        }
    }
}
