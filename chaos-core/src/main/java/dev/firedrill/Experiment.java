package dev.firedrill;

import static java.util.Objects.requireNonNull;

import dev.firedrill.fault.Fault;
import dev.firedrill.history.Invariant;
import dev.firedrill.probe.Probe;
import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Durations;
import dev.firedrill.schedule.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plan of one experiment: validated, immutable, not run yet.
 *
 * <p>Made by {@link Chaos#experiment}. One plan may be run several times, one after another.
 *
 * @since 0.1
 */
public final class Experiment {

    /** How soon a steady state must be back, unless said otherwise. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(30);

    /** How long the steady state is waited for before the fault, unless said otherwise. */
    public static final Duration DEFAULT_STEADY_WITHIN = Duration.ofSeconds(10);

    private final Chaos chaos;
    private final Builder plan;
    private final List<Step> steps;
    private final List<SteadyState> steadyStates;
    private final List<Invariant> invariants;

    private Experiment(Builder plan) {
        this.chaos = plan.chaos;
        this.plan = plan.copy();
        this.steps = List.copyOf(plan.steps);
        this.steadyStates = List.copyOf(plan.steadyStates);
        this.invariants = List.copyOf(plan.invariants);
    }

    /**
     * Its name.
     *
     * @return a sentence
     */
    public String name() {
        return plan.name;
    }

    /**
     * What tells it from every other experiment; the site of its choices and the folder of its report.
     *
     * @return the name unless set
     */
    public String id() {
        return plan.id;
    }

    /**
     * What is done to the system.
     *
     * @return the steps in order of declaration
     */
    public List<Step> steps() {
        return steps;
    }

    /**
     * What must hold before and after.
     *
     * @return the steady states in order of declaration
     */
    public List<SteadyState> steadyStates() {
        return steadyStates;
    }

    /**
     * What must be true at the end.
     *
     * @return the invariants in order of declaration
     */
    public List<Invariant> invariants() {
        return invariants;
    }

    /**
     * How soon the steady state must be back.
     *
     * @return the deadline
     */
    public Duration deadline() {
        return plan.deadline == null ? DEFAULT_DEADLINE : plan.deadline;
    }

    /**
     * What recovery is measured from.
     *
     * @return heal unless set
     */
    public Recovery.From from() {
        return plan.from;
    }

    /**
     * How long the steady state is waited for before the fault.
     *
     * @return 10 s unless set
     */
    public Duration steadyWithin() {
        return plan.steadyWithin;
    }

    /**
     * The verdict that passes.
     *
     * @return null if any good verdict does
     */
    public @Nullable Verdict expected() {
        return plan.expected;
    }

    Chaos chaos() {
        return chaos;
    }

    /**
     * Waits for the steady state and injects the faults that are due before the body, then leaves the body to the caller.
     *
     * <p>For harnesses that can't hand over the body; the others use {@link #run} or {@link #observe}. The caller must call
     * {@link Rehearsal#finish} in every case.
     *
     * @return the open window, or one that is not open because the system was not steady or a fault could not be made
     * @throws IllegalStateException if another experiment runs on one of the services, or the Chaos is closed
     */
    public Rehearsal begin() {
        return Rehearsal.begin(this);
    }

    /**
     * Runs the experiment and throws unless it ends as expected.
     *
     * @param body what the test does
     * @return the report, of a good or the expected verdict
     * @throws org.opentest4j.AssertionFailedError if the verdict is neither good nor the expected one; its cause is the
     *     body's failure, if any
     * @throws org.opentest4j.TestAbortedException if the verdict is {@link Verdict#ABORTED}
     */
    public Report run(Body body) {
        Report report = observe(body);
        report.throwUnlessExpected();
        return report;
    }

    /**
     * Runs the experiment and never throws for what the body or the system does.
     *
     * @param body what the test does
     * @return the report, of any verdict
     * @throws IllegalStateException if another experiment runs on one of the services, or the Chaos is closed
     */
    public Report observe(Body body) {
        Rehearsal rehearsal = begin();
        Throwable failure = null;
        if (rehearsal.isOpen()) {
            try {
                body.run(rehearsal.drill());
            } catch (Throwable e) {
                failure = e;
            }
        }
        return rehearsal.finish(failure);
    }

    /**
     * Collects a plan. Not safe for concurrent use.
     *
     * @since 0.1
     */
    public static final class Builder {

        private final Chaos chaos;
        private final String name;
        private String id;
        private final List<Step> steps = new ArrayList<>();
        private final List<SteadyState> steadyStates = new ArrayList<>();
        private final List<Invariant> invariants = new ArrayList<>();
        private @Nullable Duration deadline;
        private Recovery.From from = Recovery.From.HEAL;
        private Duration steadyWithin = DEFAULT_STEADY_WITHIN;
        private @Nullable Verdict expected;

        Builder(Chaos chaos, String name) {
            this.chaos = chaos;
            this.name = name;
            this.id = name;
        }

        private Builder copy() {
            Builder copy = new Builder(chaos, name);
            copy.id = id;
            copy.deadline = deadline;
            copy.from = from;
            copy.steadyWithin = steadyWithin;
            copy.expected = expected;
            return copy;
        }

        /**
         * Sets what tells this experiment from every other; the name unless set.
         *
         * @param unique such as a test's class, method and repetition
         * @return this
         */
        public Builder id(String unique) {
            id = requireNonNull(unique);
            return this;
        }

        /**
         * Adds what must hold before the fault and again after healing.
         *
         * @param sentence such as "cart accepts items"
         * @param probe one observation: false or an exception means not well
         * @return this
         */
        public Builder steadyState(String sentence, Probe probe) {
            return steadyState(SteadyState.of(sentence, probe));
        }

        /**
         * Adds what must hold before the fault and again after healing.
         *
         * @param state the steady state
         * @return this
         */
        public Builder steadyState(SteadyState state) {
            steadyStates.add(requireNonNull(state));
            return this;
        }

        /**
         * Adds what must be true at the end.
         *
         * @param sentence such as "no acknowledged order is lost"
         * @param check false or an {@code AssertionError} means broken
         * @return this
         */
        public Builder invariant(String sentence, Invariant.Check check) {
            invariants.add(new Invariant(sentence, check));
            return this;
        }

        /**
         * Adds a fault on all links into a service or all its nodes, in force before the body begins and until it has ended.
         *
         * @param fault what goes wrong
         * @param service where
         * @return this
         * @throws IllegalArgumentException if the service is of another Chaos or scope
         */
        public Builder inject(Fault fault, Service service) {
            return inject(fault, service, Schedule.now());
        }

        /**
         * Adds a fault on all links into a service or all its nodes.
         *
         * @param fault what goes wrong
         * @param service where
         * @param schedule when
         * @return this
         * @throws IllegalArgumentException if the service is of another Chaos or scope
         */
        public Builder inject(Fault fault, Service service, Schedule schedule) {
            chaos.checkKnown(service);
            return inject(fault, Target.of(service), schedule);
        }

        /**
         * Adds a fault.
         *
         * @param fault what goes wrong
         * @param target where
         * @param schedule when
         * @return this
         */
        public Builder inject(Fault fault, Target target, Schedule schedule) {
            steps.add(new Step(steps.size() + 1, (steps.size() + 1) + "-" + fault.kind(), fault, target, schedule));
            return this;
        }

        /**
         * Sets how soon after healing the steady state must be back; {@link #DEFAULT_DEADLINE} unless set.
         *
         * @param limit counted from the later of the last heal and the body's end
         * @return this
         */
        public Builder recoversWithin(Duration limit) {
            return recoversWithin(limit, Recovery.From.HEAL);
        }

        /**
         * Sets how soon the steady state must be back.
         *
         * @param limit more than zero
         * @param start counted from healing, or from the first effect, in which case the faults stay until recovery is judged
         *     and a body that outlasts the limit needs steady states that are sampled beside it
         * @return this
         * @throws IllegalArgumentException if the limit is not positive
         */
        public Builder recoversWithin(Duration limit, Recovery.From start) {
            if (limit.isNegative() || limit.isZero()) {
                throw new IllegalArgumentException("recoversWithin " + Durations.format(limit)
                        + " is not positive; allowed is more than 0ms, such as 5s");
            }
            Durations.checkLength("recoversWithin", limit);
            deadline = limit;
            from = requireNonNull(start);
            return this;
        }

        /**
         * Sets how long the steady state is waited for before the fault.
         *
         * @param limit more than zero
         * @return this
         * @throws IllegalArgumentException if the limit is not positive
         */
        public Builder steadyWithin(Duration limit) {
            if (limit.isNegative() || limit.isZero()) {
                throw new IllegalArgumentException("steadyWithin " + Durations.format(limit)
                        + " is not positive; allowed is more than 0ms, such as 10s");
            }
            Durations.checkLength("steadyWithin", limit);
            steadyWithin = limit;
            return this;
        }

        /**
         * Makes another verdict than a good one pass: documents a fragile system.
         *
         * @param verdict the only verdict that passes
         * @return this
         */
        public Builder expect(Verdict verdict) {
            expected = requireNonNull(verdict);
            return this;
        }

        /**
         * Validates the plan; nothing is touched.
         *
         * @return the plan
         * @throws IllegalArgumentException if there is no fault, a target is unknown, no engine can make a fault, or settings contradict each
         *     other; the message says which, what is allowed and what to do
         */
        public Experiment build() {
            Plan.check(chaos, steps, steadyStates, deadline, from);
            if (steps.isEmpty()) {
                throw new IllegalArgumentException(
                        "\"" + name + "\" has no fault, so that it would prove nothing; add one with"
                                + " inject(fault, target), or call the body without an experiment");
            }
            return new Experiment(this);
        }

        /**
         * Builds the plan and runs it, see {@link Experiment#run}.
         *
         * @param body what the test does
         * @return the report
         */
        public Report run(Body body) {
            return build().run(body);
        }

        /**
         * Builds the plan and runs it, see {@link Experiment#observe}.
         *
         * @param body what the test does
         * @return the report
         */
        public Report observe(Body body) {
            return build().observe(body);
        }
    }
}
