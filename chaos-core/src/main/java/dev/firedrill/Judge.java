package dev.firedrill;

import dev.firedrill.history.Invariant;
import dev.firedrill.report.Finding;
import dev.firedrill.report.Finding.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns evidence into findings, and findings into a verdict. Pure. */
final class Judge {

    private static final Map<Kind, Verdict> VERDICTS = Map.ofEntries(
            Map.entry(Kind.HEAL_FAILED, Verdict.HEAL_FAILED),
            Map.entry(Kind.ABORTED, Verdict.ABORTED),
            Map.entry(Kind.NOT_STEADY, Verdict.NOT_STEADY),
            Map.entry(Kind.INJECT_FAILED, Verdict.INJECT_FAILED),
            Map.entry(Kind.TEST_FAILED, Verdict.TEST_FAILED),
            Map.entry(Kind.NO_EFFECT, Verdict.NO_EFFECT),
            Map.entry(Kind.INVARIANT_BROKEN, Verdict.INVARIANT_BROKEN),
            Map.entry(Kind.NOT_RECOVERED, Verdict.NOT_RECOVERED),
            Map.entry(Kind.INVARIANT_UNREADABLE, Verdict.NOT_RECOVERED),
            Map.entry(Kind.BODY_FAILED, Verdict.BODY_FAILED));

    private Judge() {}

    record Judgement(Verdict verdict, List<Finding> findings) {}

    static Judgement judge(Evidence evidence) {
        List<Finding> findings = findings(evidence);
        Verdict verdict = evidence.steadyDeclared() ? Verdict.RECOVERED : Verdict.SURVIVED;
        for (Finding finding : findings) {
            Verdict candidate = VERDICTS.get(finding.kind());
            if (candidate != null
                    && candidate.compareTo(verdict) > 0
                    && !(finding.kind() == Kind.NO_EFFECT && cutShort(evidence))) {
                verdict = candidate;
            }
        }
        Verdict chosen = verdict;
        findings.sort(Comparator.comparing((Finding finding) -> VERDICTS.get(finding.kind()) != chosen)
                .thenComparing(
                        finding -> VERDICTS.get(finding.kind()), Comparator.nullsLast(Comparator.reverseOrder())));
        return new Judgement(verdict, findings);
    }

    /**
     * A body that failed under one fault may not have come as far as the others: that they had no effect is still found, but
     * it is not the verdict.
     */
    private static boolean cutShort(Evidence evidence) {
        return evidence.bodyFailure() != null && evidence.effectBeforeFailure();
    }

    private static List<Finding> findings(Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        evidence.healTroubles().forEach(text -> findings.add(new Finding(Kind.HEAL_FAILED, text)));
        add(findings, Kind.ABORTED, evidence.aborted());
        add(findings, Kind.NOT_STEADY, evidence.notSteady());
        evidence.injectTroubles().forEach(text -> findings.add(new Finding(Kind.INJECT_FAILED, text)));
        boolean ran = evidence.notSteady() == null && evidence.injectTroubles().isEmpty();
        if (evidence.aborted() == null) {
            bodyFindings(evidence, ran, findings);
        }
        for (Invariant.Result result : evidence.invariants()) {
            if (result.state() == Invariant.State.BROKEN) {
                findings.add(new Finding(
                        Kind.INVARIANT_BROKEN, "\"" + result.name() + "\" does not hold: " + result.detail()));
            } else if (result.state() == Invariant.State.UNREADABLE) {
                findings.add(new Finding(
                        Kind.INVARIANT_UNREADABLE,
                        "\"" + result.name() + "\" could not be checked: " + result.detail()));
            }
        }
        comeBack(evidence, findings);
        return findings;
    }

    private static void comeBack(Evidence evidence, List<Finding> findings) {
        Evidence.Return recovery = evidence.recovery();
        if (recovery == null) {
            return;
        }
        if (evidence.steadyDeclared()) {
            findings.add(new Finding(recovery.inTime() ? Kind.RECOVERED : Kind.NOT_RECOVERED, recovery.text()));
        } else if (!recovery.inTime()) {
            findings.add(new Finding(Kind.NOT_RECOVERED, recovery.text())); // a node did not come back
        } else if (evidence.bodyFailure() == null && evidence.noEffects().isEmpty()) {
            findings.add(new Finding(Kind.SURVIVED, recovery.text()));
        }
    }

    private static void bodyFindings(Evidence evidence, boolean ran, List<Finding> findings) {
        Throwable failure = evidence.bodyFailure();
        if (failure != null) {
            findings.add(ofBody(evidence, Recorder.text(failure)));
        }
        if (ran) {
            evidence.noEffects().forEach(text -> findings.add(new Finding(Kind.NO_EFFECT, text)));
        }
    }

    private static Finding ofBody(Evidence evidence, String failure) {
        if (evidence.misused()) {
            return new Finding(Kind.TEST_FAILED, "the body asked its drill for what can't be: " + failure);
        }
        if (evidence.effectBeforeFailure()) {
            return new Finding(
                    Kind.BODY_FAILED, "the body failed under the faults on " + evidence.subject() + ": " + failure);
        }
        return new Finding(
                Kind.TEST_FAILED,
                (evidence.actedBeforeFailure()
                                ? "the body failed, and nothing shows that it met the faults on "
                                : "the body failed before any fault took effect on ")
                        + evidence.subject() + ": " + failure);
    }

    private static void add(List<Finding> findings, Kind kind, @Nullable String text) {
        if (text != null) {
            findings.add(new Finding(kind, text));
        }
    }
}
