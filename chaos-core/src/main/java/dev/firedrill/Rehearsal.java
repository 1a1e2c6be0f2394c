package dev.firedrill;

import dev.firedrill.history.Invariant;
import dev.firedrill.history.Operation;
import dev.firedrill.history.Operation.Outcome;
import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.Sample.Phase;
import dev.firedrill.report.Event;
import dev.firedrill.schedule.Chance;
import dev.firedrill.schedule.Durations;
import dev.firedrill.spi.ActiveFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
public final class Rehearsal {

    private final Experiment experiment;
    private final Chaos chaos;
    private final Recorder recorder;
    private final Instant started;
    private final Set<String> services = new LinkedHashSet<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<StepRun> runs = new ArrayList<>();
    private final InForce inForce;
    private final Timeline timeline;
    private final Prober prober;
    private final LiveDrill drill;
    private final Node.NodeListener nodeListener;
    private final ActiveFault healer;
    private final Traffics traffics;
    private @Nullable String notSteady;
    private @Nullable String aborted;
    private @Nullable Throwable trouble;
    private boolean open;
    private int bodyIndex;
    private Duration bodyBegun = Duration.ZERO;
    private @Nullable Report report;

    private Rehearsal(Experiment experiment) {
        this.experiment = experiment;
        this.chaos = experiment.chaos();
        this.started = chaos.time().now();
        this.recorder = new Recorder(experiment.name(), chaos.time());
        this.inForce = new InForce(chaos, recorder);
        Chance chance = Chance.ofSeed(chaos.seed()).at(experiment.id());
        for (Step step : experiment.steps()) {
            runs.add(new StepRun(step, Plan.engine(chaos, step, chaos.resolve(step, null)), chance, recorder));
            step.target().parts().forEach(part -> services.add(part.service()));
        }
        services.forEach(name -> nodes.addAll(chaos.service(name).nodes()));
        this.timeline = new Timeline(experiment.name(), chaos.time(), recorder, inForce, runs);
        this.prober = new Prober(experiment.name(), recorder, experiment.steadyStates());
        this.drill = new LiveDrill(recorder, timeline, inForce, chaos.seed(), chance);
        this.nodeListener = (node, text) -> recorder.event(Event.Kind.NODE, node.name(), text);
        this.healer = inForce::healAll;
        this.traffics = new Traffics(services.stream().map(chaos::service).toList());
    }

    static Rehearsal begin(Experiment experiment) {
        Rehearsal rehearsal = new Rehearsal(experiment);
        rehearsal.chaos.claim(rehearsal.services, experiment.name());
        rehearsal.chaos.rehearsing(rehearsal.healer);
        rehearsal.nodes.forEach(node -> node.listen(rehearsal.nodeListener));
        try {
            rehearsal.begin();
        } catch (InterruptedException e) {
            rehearsal.abort("interrupted before the body began", e);
        } catch (RuntimeException | Error e) {
            rehearsal.inForce.healAll();
            rehearsal.release();
            throw e;
        }
        return rehearsal;
    }

    private void begin() throws InterruptedException {
        recorder.event(Event.Kind.PHASE, "", "steady: seed " + chaos.seed() + ", id " + experiment.id());
        chaos.leftovers().forEach(line -> recorder.event(Event.Kind.PHASE, "", "an earlier run was cut off: " + line));
        notSteady = notSteady();
        if (notSteady != null) {
            recorder.event(Event.Kind.TROUBLE, "", "not steady: " + notSteady);
            return;
        }
        if (!runs.isEmpty()) {
            recorder.event(Event.Kind.PHASE, "", "inject");
        }
        if (!timeline.injectBeforeBody()) {
            inForce.healAll();
            return;
        }
        prober.startBeside();
        bodyIndex = recorder.begin();
        bodyBegun = recorder.now();
        recorder.event(Event.Kind.PHASE, "", "run: the body begins");
        timeline.start();
        open = true;
    }

    private @Nullable String notSteady() throws InterruptedException {
        for (Node node : nodes) {
            if (node.state() == Node.State.DOWN || node.state() == Node.State.PAUSED) {
                return node.name() + " was " + (node.state() == Node.State.DOWN ? "down" : "frozen")
                        + " before any fault was injected" + marks() + node.outputText();
            }
        }
        List<Prober.Held> all = prober.hold(Phase.BEFORE, recorder.now(), experiment.steadyWithin());
        for (Prober.Held each : all) {
            if (!each.isHeld()) {
                return "\"" + each.state().name() + "\" did not hold within "
                        + Durations.format(experiment.steadyWithin())
                        + " before any fault was injected; last seen: " + each.lastSeen() + marks();
            }
        }
        return null;
    }

    private String marks() {
        List<String> marks = chaos.marks(services);
        return marks.isEmpty() ? "" : " (Firedrill is to blame: " + String.join("; ", marks) + ")";
    }

    /**
     * Says whether the body is to run.
     *
     * @return false if the system was not steady, a fault could not be made, or the thread was interrupted
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
        return drill;
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
        Report made = new Ending(failure).report();
        report = made;
        if (interrupted || trouble instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return made;
    }

    private void abort(String why, Throwable cause) {
        aborted = why;
        trouble = cause;
        inForce.healAll();
    }

    private void release() {
        timeline.stop();
        prober.close();
        nodes.forEach(node -> node.unlisten(nodeListener));
        chaos.rehearsed(healer);
        chaos.release(services);
    }

    /** Hops four and five. */
    private final class Ending {

        private final @Nullable Throwable failure;
        private final Duration bodyEnded = recorder.now();
        private final Findings found = new Findings();

        Ending(@Nullable Throwable failure) {
            this.failure = failure;
        }

        Report report() {
            try {
                if (open) {
                    run();
                }
            } finally {
                inForce.healAll();
                release();
            }
            return assemble();
        }

        private void run() {
            recorder.end(bodyIndex, Operation.BODY, bodyBegun, null, null, failure);
            recorder.event(
                    Event.Kind.PHASE,
                    "",
                    "the body " + (failure == null ? "passed" : "failed: " + Recorder.text(failure)));
            try {
                timeline.bodyEnded();
                if (failure instanceof TestAbortedException || failure instanceof InterruptedException) {
                    abort(
                            failure instanceof InterruptedException
                                    ? "the body was interrupted"
                                    : Recorder.text(failure),
                            failure);
                } else {
                    timeline.awaitOver();
                }
                timeline.stop();
                prober.stopBeside();
                judge();
            } catch (InterruptedException e) {
                timeline.stop();
                abort("interrupted while the experiment was being judged", e);
            } catch (ChaosException e) {
                timeline.stop();
                found.healTroubles.add(Recorder.text(e));
            }
        }

        private void judge() throws InterruptedException {
            Recovery.From from = experiment.from();
            if (from == Recovery.From.HEAL || aborted != null) {
                heal();
            }
            if (aborted != null || !inForce.injectTroubles().isEmpty()) {
                heal();
                return;
            }
            if (inForce.healTroubles().isEmpty()) {
                recorder.event(Event.Kind.PHASE, "", "judge");
                Returning returning = new Returning(experiment, recorder, prober, nodes, String.join(", ", services));
                found.comeBack = returning.await(clockStart(from), from, healedKinds());
                found.recovery = returning.recovery();
                found.expected = returning.expected();
                found.lastSeen = returning.lastSeen();
            }
            heal();
            if (inForce.healTroubles().isEmpty()) {
                boolean patient = found.comeBack != null && found.comeBack.inTime();
                found.invariants.addAll(new Invariants(recorder, prober).check(experiment.invariants(), patient));
            }
        }

        private void heal() {
            if (!inForce.isEmpty()) {
                recorder.event(Event.Kind.PHASE, "", "heal");
                inForce.healAll();
            }
        }

        /** The later of the last heal and the body's end; of the first effect and the body's end for fail-over. */
        private Duration clockStart(Recovery.From from) {
            Duration start = bodyEnded;
            Duration other = from == Recovery.From.HEAL ? inForce.lastHeal() : firstEffect();
            boolean sampledBeside = experiment.steadyStates().stream().allMatch(state -> state.during());
            if (from == Recovery.From.EFFECT && sampledBeside && other != null) {
                return other;
            }
            return other != null && other.compareTo(start) > 0 ? other : start;
        }

        private @Nullable Duration firstEffect() {
            return runs.stream()
                    .map(StepRun::firstEffect)
                    .filter(each -> each != null)
                    .min(Duration::compareTo)
                    .orElse(null);
        }

        private String healedKinds() {
            return String.join(
                    ", ",
                    runs.stream()
                            .map(run -> run.step().fault().kind())
                            .distinct()
                            .toList());
        }

        private Report assemble() {
            List<Duration[]> spans = recorder.history().operations().stream()
                    .map(each -> new Duration[] {each.begin(), each.end()})
                    .toList();
            List<String> noEffects = new ArrayList<>();
            boolean effectInTime = false;
            for (StepRun run : runs) {
                String none = run.noEffect(spans);
                if (none != null) {
                    noEffects.add(none);
                } else {
                    Duration first = run.firstEffect();
                    effectInTime |= first != null && first.compareTo(bodyEnded) <= 0;
                }
            }
            inForce.healTroubles().forEach(each -> found.healTroubles.add(Recorder.text(each)));
            Throwable cause = cause();
            Evidence evidence = new Evidence(
                    String.join(", ", services),
                    found.healTroubles,
                    inForce.injectTroubles().stream().map(Recorder::text).toList(),
                    notSteady,
                    aborted,
                    open && aborted == null ? failure : null,
                    effectInTime,
                    open && aborted == null ? noEffects : List.of(),
                    found.comeBack,
                    found.invariants,
                    !experiment.steadyStates().isEmpty());
            nodes.forEach(this::markIfBroken);
            return new Assembly(experiment, chaos, recorder, started)
                    .report(Judge.judge(evidence), runs, found, nodes, traffics, cause, impact());
        }

        private @Nullable Throwable cause() {
            if (failure != null) {
                return failure;
            }
            if (trouble != null) {
                return trouble;
            }
            List<Throwable> troubles = new ArrayList<>(inForce.healTroubles());
            troubles.addAll(inForce.injectTroubles());
            return troubles.isEmpty() ? null : troubles.get(0);
        }

        private void markIfBroken(Node node) {
            if (node.state() == Node.State.DOWN && !node.isForeign()) {
                chaos.mark(
                        node.service().name(), node.name() + " did not come back after \"" + experiment.name() + "\"");
            }
        }

        private Impact impact() {
            return Impact.of(firstEffect(), bodyEnded, recorder);
        }
    }

    /** What hops four and five found; filled in as they go. */
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
    }

    /** Errors and latency between the first effect and the end of the body. */
    record Impact(
            @Nullable Duration timeToImpact,
            @Nullable Integer errors,
            @Nullable Duration worst) {

        static Impact of(@Nullable Duration effect, Duration until, Recorder recorder) {
            if (effect == null) {
                return new Impact(null, null, null);
            }
            List<Operation> operations = recorder.history().operations().stream()
                    .filter(each -> !each.name().equals(Operation.BODY))
                    .filter(each -> each.end().compareTo(effect) >= 0)
                    .toList();
            List<Duration> bad = new ArrayList<>();
            List<Duration> latencies = new ArrayList<>();
            for (Operation each : operations) {
                latencies.add(each.took());
                if (each.outcome() != Outcome.OK) {
                    bad.add(each.end());
                }
            }
            recorder.samples().stream()
                    .filter(each -> each.phase() == Phase.DURING && each.end().compareTo(effect) >= 0)
                    .forEach(each -> {
                        latencies.add(each.end().minus(each.begin()));
                        if (!each.good()) {
                            bad.add(each.end());
                        }
                    });
            return new Impact(
                    bad.stream()
                            .min(Duration::compareTo)
                            .map(each -> each.minus(effect))
                            .orElse(null),
                    latencies.isEmpty() ? null : bad.size(),
                    latencies.stream().max(Duration::compareTo).orElse(null));
        }
    }
}
