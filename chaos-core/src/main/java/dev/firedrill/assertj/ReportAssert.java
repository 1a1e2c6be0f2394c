package dev.firedrill.assertj;

import static java.util.Objects.requireNonNull;

import dev.firedrill.Report;
import dev.firedrill.Report.StepOutcome;
import dev.firedrill.Verdict;
import dev.firedrill.history.Invariant;
import dev.firedrill.probe.Recovery;
import dev.firedrill.report.Finding;
import dev.firedrill.schedule.Durations;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a report, begun by {@link FiredrillAssertions#assertThat}. A failure shows the report's {@linkplain
 * Report#text text}, too.
 *
 * @since 0.1
 */
public final class ReportAssert extends AbstractAssert<ReportAssert, @Nullable Report> {

    ReportAssert(@Nullable Report report) {
        super(report, ReportAssert.class);
    }

    /**
     * The verdict is this one.
     *
     * @param expected the verdict
     * @return this
     * @throws AssertionError if it is another one
     */
    public ReportAssert hasVerdict(Verdict expected) {
        Verdict verdict = report().verdict();
        if (verdict != expected) {
            throw wrong(verdict, expected, "expected verdict " + expected + " but was " + verdict);
        }
        return this;
    }

    /**
     * The steady state came back in time, whatever the verdict besides.
     *
     * @return this
     * @throws AssertionError if it did not, or nobody looked
     */
    public ReportAssert recovered() {
        requireNonNull(recovery());
        return this;
    }

    /**
     * The steady state came back within a time that may be shorter than the experiment's own deadline.
     *
     * @param limit how long it may have taken, to the end of the first good sample
     * @return this
     * @throws AssertionError if it took longer, did not come back, or nobody looked
     */
    public ReportAssert recoveredWithin(Duration limit) {
        Duration took = recovery().time();
        if (took.compareTo(limit) > 0) {
            throw wrong(
                    took,
                    limit,
                    "expected recovery within " + Durations.format(limit) + " but it took " + Durations.format(took));
        }
        return this;
    }

    private Recovery recovery() {
        return report().recovery()
                .orElseThrow(() -> wrong("expected recovery but "
                        + (report().outcome().deadline() == null
                                ? "nobody looked, for no steady state is declared"
                                : "the verdict is " + report().verdict())));
    }

    /**
     * There is a finding of this kind.
     *
     * @param kind the kind
     * @return this
     * @throws AssertionError if there is none
     */
    public ReportAssert hasFinding(Finding.Kind kind) {
        return hasFinding(kind, "");
    }

    /**
     * There is a finding of this kind that says this.
     *
     * @param kind the kind
     * @param part a part of its text
     * @return this
     * @throws AssertionError if there is none
     */
    public ReportAssert hasFinding(Finding.Kind kind, String part) {
        List<Finding> findings = report().findings();
        if (findings.stream()
                .noneMatch(each -> each.kind() == kind && each.text().contains(part))) {
            throw wrong("expected a finding " + kind + (part.isEmpty() ? "" : " with \"" + part + "\"") + " but there "
                    + list(findings.stream()
                            .map(each -> each.kind() + " \"" + each.text() + "\"")
                            .toList()));
        }
        return this;
    }

    /**
     * A fault with this target, as it is written in the plan, touched the test while one of its operations went on. To touch
     * nothing but probes is no effect.
     *
     * @param target such as {@code redis} or {@code orders->redis}
     * @return this
     * @throws AssertionError if no such fault did, or no step has this target
     */
    public ReportAssert hasEffectOn(String target) {
        List<StepOutcome> steps = report().steps().stream()
                .filter(each -> each.step().target().toString().equals(target))
                .toList();
        if (steps.isEmpty()) {
            throw wrong("expected an effect on " + target + " but no step has this target; there "
                    + list(report().steps().stream()
                            .map(each -> each.step().target().toString())
                            .distinct()
                            .toList()));
        }
        if (steps.stream().noneMatch(StepOutcome::proven)) {
            throw wrong("expected an effect on " + target + " but "
                    + steps.stream()
                            .map(each -> each.step().id() + " had " + each.effects() + " on the test, "
                                    + each.overlapped() + " of them while an operation went on, and "
                                    + each.probeEffects() + " on probes")
                            .collect(Collectors.joining(", ")));
        }
        return this;
    }

    /**
     * An invariant was checked and holds.
     *
     * @param invariant its name
     * @return this
     * @throws AssertionError if it is broken, could not be read, or was not checked
     */
    public ReportAssert holds(String invariant) {
        List<Invariant.Result> results = report().invariants();
        Invariant.Result result = results.stream()
                .filter(each -> each.name().equals(invariant))
                .findFirst()
                .orElseThrow(() -> wrong("expected \"" + invariant + "\" to hold but it was not checked; checked "
                        + list(results.stream()
                                .map(each -> "\"" + each.name() + "\"")
                                .toList())));
        if (result.state() != Invariant.State.HOLDS) {
            throw wrong("expected \"" + invariant + "\" to hold but it is " + result.state() + ": " + result.detail());
        }
        return this;
    }

    private Report report() {
        isNotNull();
        return requireNonNull(actual);
    }

    private static String list(List<String> items) {
        return items.isEmpty() ? "is none" : "are " + String.join(", ", items);
    }

    private AssertionError wrong(Object was, Object expected, String complaint) {
        return failureWithActualExpected(was, expected, "%s", text(complaint));
    }

    private AssertionError wrong(String complaint) {
        return failure("%s", text(complaint));
    }

    private String text(String complaint) {
        return "\"" + report().name() + "\": " + complaint + "\n" + report().text();
    }
}
