package dev.firedrill;

import dev.firedrill.Report.Fact;
import dev.firedrill.Report.NodeOutcome;
import dev.firedrill.fault.Corrupt;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.Slice;
import dev.firedrill.report.Event;
import dev.firedrill.report.Finding;
import dev.firedrill.report.JsonReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts a report together and writes it. */
final class Assembly {

    private static final int OUTPUT_LINES = 200;
    private static final int MAX_MARKS = 20;

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

    Report report(Judge.Judgement judgement, Ending.Findings found) {
        recorder.event(Event.Kind.PHASE, "", "verdict " + judgement.verdict());
        List<Finding> findings = new ArrayList<>(judgement.findings());
        run.traffics().troubles().forEach(trouble -> findings.add(new Finding(Finding.Kind.NOTE, trouble)));
        findings.addAll(notReplayable());
        Path reports = chaos.ground().reports();
        Report report = make(judgement.verdict(), findings, found, file(reports));
        Path file = report.file();
        if (file != null) {
            try {
                JsonReport.write(report, file);
            } catch (IOException e) {
                // said, but not thrown: it would hide the verdict and what the body threw
                String trouble = "the report could not be written to " + file + ": " + e
                        + "; make the folder writable, or set another with chaos.report.dir";
                recorder.event(Event.Kind.TROUBLE, "", trouble);
                findings.add(new Finding(Finding.Kind.NOTE, trouble));
                report = make(judgement.verdict(), findings, found, null);
            }
        }
        recorder.over(report);
        return report;
    }

    private @Nullable Path file(@Nullable Path reports) {
        return reports == null ? null : reports.resolve(folder(experiment.id())).resolve("report.json");
    }

    private Report make(Verdict verdict, List<Finding> findings, Ending.Findings found, @Nullable Path file) {
        List<Duration[]> spans = recorder.spans();
        return new Report(
                experiment.name(),
                experiment.id(),
                chaos.seed(),
                run.started(),
                recorder.now(),
                verdict,
                experiment.expected(),
                findings,
                run.steps().stream().map(step -> step.outcome(spans)).toList(),
                recorder.events(),
                recorder.samples(),
                recorder.history(),
                found.invariants,
                outcome(found),
                nodes(),
                run.traffics().now(),
                recorder.choices(),
                facts(verdict, findings, found, file),
                found.cause,
                file);
    }

    private Report.Outcome outcome(Ending.Findings found) {
        return new Report.Outcome(
                found.recovery,
                experiment.steadyStates().isEmpty() ? null : experiment.deadline(),
                found.impact.timeToImpact(),
                found.impact.errors(),
                found.impact.worst());
    }

    private List<NodeOutcome> nodes() {
        return run.nodes().stream()
                .map(node -> new NodeOutcome(node.name(), node.state(), node.incarnations(), node.output(OUTPUT_LINES)))
                .toList();
    }

    private List<Fact> facts(Verdict verdict, List<Finding> findings, Ending.Findings found, @Nullable Path file) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("verdict", verdict + (verdict.isGood() ? "" : ", " + who(verdict.actor()))));
        if (found.expected != null) {
            facts.add(new Fact("expected", found.expected));
        }
        if (found.lastSeen != null) {
            facts.add(new Fact("last seen", found.lastSeen));
        }
        findings.stream()
                .skip(1)
                .filter(finding -> finding.kind() != Finding.Kind.NOT_REPLAYABLE)
                .forEach(finding -> facts.add(new Fact("also", finding.text())));
        facts.add(new Fact("timeline", timeline()));
        facts.add(new Fact("seed", chaos.ground().howToRepeat()));
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
        List<String> marks = recorder.events().stream()
                .filter(event -> event.kind() == Event.Kind.INJECT
                        || event.kind() == Event.Kind.HEAL
                        || event.kind() == Event.Kind.EFFECT)
                .map(event -> "+" + Recorder.seconds(event.at()) + " "
                        + event.kind().name().toLowerCase(Locale.ROOT) + " " + event.subject())
                .toList();
        List<String> shown = new ArrayList<>(marks.subList(0, Math.min(marks.size(), MAX_MARKS)));
        if (marks.size() > MAX_MARKS) {
            shown.add("and " + (marks.size() - MAX_MARKS) + " more");
        }
        shown.add("+" + Recorder.seconds(recorder.now()) + " end");
        return String.join("  ", shown);
    }

    private List<Finding> notReplayable() {
        List<Finding> findings = new ArrayList<>();
        boolean drawn = run.steps().stream()
                .anyMatch(each -> !each.draw().always()
                        || each.step().fault() instanceof Corrupt
                        || each.step().fault() instanceof PacketLoss
                        || (each.step().fault() instanceof Latency latency
                                && !latency.jitter().isZero())
                        || (each.step().fault() instanceof Slice slice && slice.variation() > 0));
        if (drawn) {
            findings.add(new Finding(
                    Finding.Kind.NOT_REPLAYABLE,
                    "choices are repeated by the seed for each connection and message; which client gets which connection"
                            + " number depends on the order of acceptance, which is not, and where both sides of a"
                            + " connection speak at once, a message's beginning depends on time"));
        }
        if (recorder.choices().stream().anyMatch(choice -> choice.value().equals("forced"))) {
            findings.add(new Finding(
                    Finding.Kind.NOT_REPLAYABLE,
                    "a candidate was hit because none before it was drawn; with several connections at once it may be"
                            + " another next time"));
        }
        if (run.steps().stream().anyMatch(StepRun::isDrawnElsewhere)) {
            findings.add(
                    new Finding(
                            Finding.Kind.NOT_REPLAYABLE,
                            "between containers jitter, or the variation of pieces, is Toxiproxy's own, whose dice can't be seeded"));
        }
        for (StepRun step : run.steps()) {
            step.unread().forEach(what -> findings.add(new Finding(Finding.Kind.NOTE, what)));
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
        boolean leads = cut.chars().allMatch(each -> each == '.'); // to the folder itself, or out of it
        return cut.equals(id) && !leads ? cut : cut + "-" + Integer.toHexString(id.hashCode());
    }
}
