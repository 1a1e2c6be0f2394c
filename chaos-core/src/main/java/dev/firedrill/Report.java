package dev.firedrill;

import dev.firedrill.history.History;
import dev.firedrill.history.Invariant;
import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.Sample;
import dev.firedrill.report.Choice;
import dev.firedrill.report.Event;
import dev.firedrill.report.Finding;
import dev.firedrill.schedule.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is known of one run. Immutable.
 *
 * <p>Offsets count from the start of the experiment.
 *
 * @param name the experiment's name
 * @param id the experiment's id
 * @param seed what repeats it
 * @param started when it started
 * @param took how long it took in all
 * @param verdict the verdict
 * @param expected the only verdict that passes; null if any good one does
 * @param findings everything that is true besides, in order of precedence
 * @param steps what each step came to
 * @param events what happened, in order
 * @param samples what the probes saw, in order
 * @param history what the test did
 * @param invariants what the invariants found
 * @param outcome recovery and impact
 * @param nodes the nodes of the services concerned
 * @param links the links of the services concerned
 * @param choices the choices of chance; the first 10,000
 * @param facts aligned facts for the failure text, most important first
 * @param cause what the body threw, or what prevented the experiment; null if nothing did
 * @param file where the report was written; null if it was not
 * @since 0.1
 */
public record Report(
        String name,
        String id,
        long seed,
        Instant started,
        Duration took,
        Verdict verdict,
        @Nullable Verdict expected,
        List<Finding> findings,
        List<StepOutcome> steps,
        List<Event> events,
        List<Sample> samples,
        History history,
        List<Invariant.Result> invariants,
        Outcome outcome,
        List<NodeOutcome> nodes,
        List<LinkOutcome> links,
        List<Choice> choices,
        List<Fact> facts,
        @Nullable Throwable cause,
        @Nullable Path file) {

    /** Copies the lists. */
    public Report {
        findings = List.copyOf(findings);
        steps = List.copyOf(steps);
        events = List.copyOf(events);
        samples = List.copyOf(samples);
        invariants = List.copyOf(invariants);
        nodes = List.copyOf(nodes);
        links = List.copyOf(links);
        choices = List.copyOf(choices);
        facts = List.copyOf(facts);
    }

    /**
     * Recovery and impact. What was not sampled is absent, never zero.
     *
     * @param recovery when the system was well again; null if it was not, or nobody looked
     * @param deadline how soon it had to be well again; null if no steady state was declared
     * @param timeToImpact from the first effect to the first failed operation or bad sample beside the body; null if not
     *     measured
     * @param errors how many operations besides the body failed or timed out, and samples beside it were bad, from the first
     *     effect on; null if there was none of them
     * @param worstLatency the longest of these operations and samples; null if there was none of them
     * @since 0.1
     */
    public record Outcome(
            @Nullable Recovery recovery,
            @Nullable Duration deadline,
            @Nullable Duration timeToImpact,
            @Nullable Integer errors,
            @Nullable Duration worstLatency) {}

    /**
     * What a step came to.
     *
     * @param step the step
     * @param resolved the names of the links or nodes that its target selected
     * @param occurrences how often it was injected
     * @param grade how its effects are known
     * @param effects how many messages, connections or nodes of the test it touched
     * @param probeEffects how many it touched on the probes' links
     * @param overlapped how many of the effects on links an operation overlapped
     * @param proven whether it took effect while something of the test was going on
     * @param firstEffect the offset of the first effect on the test; null if there was none
     * @param lastEffect the offset of the last one; null if there was none
     * @since 0.1
     */
    public record StepOutcome(
            Step step,
            List<String> resolved,
            int occurrences,
            Grade grade,
            long effects,
            long probeEffects,
            long overlapped,
            boolean proven,
            @Nullable Duration firstEffect,
            @Nullable Duration lastEffect) {}

    /**
     * How an effect is known.
     *
     * @since 0.1
     */
    public enum Grade {
        /** The acting engine counted it. */
        OBSERVED,
        /** A foreign engine said so. */
        ACKNOWLEDGED,
        /** Not at all. */
        NONE
    }

    /**
     * A node at the end.
     *
     * @param name its name
     * @param state its state
     * @param incarnations its lives
     * @param output its last lines
     * @since 0.1
     */
    public record NodeOutcome(String name, Node.State state, List<Incarnation> incarnations, List<String> output) {}

    /**
     * What passed over a link during the experiment.
     *
     * @param name its name
     * @param address where its caller connects
     * @param connections how many connections were accepted
     * @param upstream bytes from the caller
     * @param downstream bytes from the service
     * @since 0.1
     */
    public record LinkOutcome(String name, String address, long connections, long upstream, long downstream) {}

    /**
     * A line of the failure text.
     *
     * @param key a word or two
     * @param value the rest
     * @since 0.1
     */
    public record Fact(String key, String value) {}

    /**
     * When the system was well again.
     *
     * @return empty if it was not, or nobody looked
     */
    public Optional<Recovery> recovery() {
        return Optional.ofNullable(outcome.recovery());
    }

    /**
     * Says whether a test with this report passes.
     *
     * @return true if the verdict is the expected one, or a good one and no other is expected
     */
    public boolean isExpected() {
        return expected == null ? verdict.isGood() : verdict == expected;
    }

    /**
     * What is wrong, in one sentence and aligned facts.
     *
     * @return the text that a failed test shows
     */
    public String text() {
        return FailureText.of(this);
    }

    /**
     * The run in one line: verdict, recovery time, name, where the report is.
     *
     * @return such as {@code RECOVERED in 1.2s: cart survives a slow cache (target/chaos-reports/.../report.json)}
     */
    public String line() {
        String time = recovery()
                .map(recovery -> " in " + Recorder.rounded(recovery.time()))
                .orElseGet(() -> verdict == Verdict.NOT_RECOVERED && outcome.deadline() != null
                        ? " within " + Durations.format(outcome.deadline())
                        : ", recovery not measured");
        String wanted = expected == null ? "" : isExpected() ? ", as expected" : ", expected was " + expected;
        return verdict + time + wanted + ": " + name + (file == null ? "" : " (" + file + ")");
    }

    /**
     * Does nothing if the verdict is as expected.
     *
     * @throws org.opentest4j.AssertionFailedError if it is not; its cause is what the body threw
     * @throws org.opentest4j.TestAbortedException if the verdict is {@link Verdict#ABORTED}
     */
    public void throwUnlessExpected() {
        FailureText.throwUnlessExpected(this);
    }
}
