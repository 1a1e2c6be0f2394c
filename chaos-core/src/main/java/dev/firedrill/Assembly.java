package dev.firedrill;

import dev.firedrill.Report.Fact;
import dev.firedrill.Report.NodeOutcome;
import dev.firedrill.fault.Latency;
import dev.firedrill.history.Invariant;
import dev.firedrill.report.Event;
import dev.firedrill.report.Finding;
import dev.firedrill.report.JsonReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts a report together and writes it. */
final class Assembly {

    private static final int OUTPUT_LINES = 200;

    private final Run run;
    private final Experiment experiment;
    private final Chaos chaos;
    private final Recorder recorder;

    Assembly(Run run) {
        this.run = run;
        this.experiment = run.experiment();
        this.chaos = run.chaos();
        this.recorder = run.recorder();
    }

    Report report(Judge.Judgement judgement, Ending.Findings found, @Nullable Throwable cause, Impact impact) {
        List<Finding> findings = new ArrayList<>(judgement.findings());
        findings.addAll(notReplayable());
        recorder.event(Event.Kind.PHASE, "", "verdict " + judgement.verdict());
        Path reports = chaos.ground().reports();
        Path file = reports == null
                ? null
                : reports.resolve(folder(experiment.id())).resolve("report.json");
        Report report = new Report(
                experiment.name(),
                experiment.id(),
                chaos.seed(),
                run.started(),
                recorder.now(),
                judgement.verdict(),
                experiment.expected(),
                findings,
                run.steps().stream().map(StepRun::outcome).toList(),
                recorder.events(),
                recorder.samples(),
                recorder.history(),
                found.invariants,
                new Report.Outcome(found.recovery, impact.timeToImpact(), impact.errors(), impact.worst()),
                run.nodes().stream()
                        .map(node -> new NodeOutcome(
                                node.name(), node.state(), node.incarnations(), node.output(OUTPUT_LINES)))
                        .toList(),
                run.traffics().now(),
                recorder.choices(),
                facts(judgement, found, file),
                cause,
                file);
        if (file != null) {
            try {
                JsonReport.write(report, file);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "the report of \"" + experiment.name() + "\" could not be written to " + file
                                + "; make the folder writable, or set another",
                        e);
            }
        }
        recorder.over(report);
        return report;
    }

    private List<Fact> facts(Judge.Judgement judgement, Ending.Findings found, @Nullable Path file) {
        List<Fact> facts = new ArrayList<>();
        Verdict verdict = judgement.verdict();
        facts.add(new Fact("verdict", verdict + (verdict.isGood() ? "" : ", " + who(verdict.actor()))));
        if (found.expected != null) {
            facts.add(new Fact("expected", found.expected));
        }
        if (found.lastSeen != null) {
            facts.add(new Fact("last seen", found.lastSeen));
        }
        for (Invariant.Result result : found.invariants) {
            if (result.state() != Invariant.State.HOLDS) {
                facts.add(new Fact(
                        "invariant", "\"" + result.name() + "\" is " + result.state() + ": " + result.detail()));
            }
        }
        judgement.findings().stream().skip(1).forEach(finding -> facts.add(new Fact("also", finding.text())));
        facts.add(new Fact("timeline", timeline()));
        facts.add(new Fact("seed", chaos.seed() + " (rerun with -Dchaos.seed=" + chaos.seed() + ")"));
        if (file != null) {
            facts.add(new Fact("report", file.toString()));
        }
        return facts;
    }

    private static String who(Verdict.Actor actor) {
        return switch (actor) {
            case NOBODY -> "nobody has to act";
            case FIREDRILL -> "Firedrill must act";
            default -> "the " + actor.name().toLowerCase(Locale.ROOT) + " must act";
        };
    }

    private String timeline() {
        return recorder.events().stream()
                        .filter(event -> event.kind() == Event.Kind.INJECT
                                || event.kind() == Event.Kind.HEAL
                                || event.kind() == Event.Kind.EFFECT)
                        .map(event -> "+" + Recorder.seconds(event.at()) + " "
                                + event.kind().name().toLowerCase(Locale.ROOT) + " " + event.subject())
                        .limit(20)
                        .collect(Collectors.joining("  "))
                + "  +" + Recorder.seconds(recorder.now()) + " end";
    }

    private List<Finding> notReplayable() {
        List<Finding> findings = new ArrayList<>();
        boolean drawn = run.steps().stream()
                .anyMatch(each -> !each.draw().always()
                        || each.step().fault() instanceof Latency latency
                                && !latency.jitter().isZero());
        if (drawn) {
            findings.add(new Finding(
                    Finding.Kind.NOT_REPLAYABLE,
                    "choices are repeated by the seed for each connection and message; which client gets which connection"
                            + " number depends on the order of acceptance, which is not"));
        }
        if (recorder.choices().stream().anyMatch(choice -> choice.value().equals("forced"))) {
            findings.add(new Finding(
                    Finding.Kind.NOT_REPLAYABLE,
                    "a candidate was hit because none before it was drawn; with several connections at once it may be"
                            + " another next time"));
        }
        if (recorder.droppedChoices() > 0) {
            findings.add(new Finding(
                    Finding.Kind.NOTE, recorder.droppedChoices() + " further choices are not listed in the report"));
        }
        return findings;
    }

    /** Names that would differ only in what a file system does not allow keep apart by a number. */
    static String folder(String id) {
        String safe = id.replaceAll("[^A-Za-z0-9._#()\\[\\],=-]+", "_");
        String cut = safe.length() > 150 ? safe.substring(0, 150) : safe;
        return cut.equals(id) ? cut : cut + "-" + Integer.toHexString(id.hashCode());
    }
}
