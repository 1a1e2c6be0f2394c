package dev.firedrill.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firedrill.Incarnation;
import dev.firedrill.Report;
import dev.firedrill.history.Operation;
import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Renders a report as JSON.
 *
 * <p>Times are milliseconds from the start of the experiment. What was not measured is {@code null}, never zero.
 *
 * @since 0.1
 */
public final class JsonReport {

    /** The version of the format; it changes when a field changes its meaning or goes. */
    public static final int FORMAT = 1;

    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    /**
     * Writes a report; readers never see half of it.
     *
     * @param report the report
     * @param file where to; missing folders are made, an older file is replaced
     * @throws IOException if it can't be written
     */
    public static void write(Report report, Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path part = Files.createTempFile(folder, "report", ".part");
        try {
            Files.write(part, render(report).getBytes(StandardCharsets.UTF_8));
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Renders a report.
     *
     * @param report the report
     * @return a JSON object, indented
     */
    public static String render(Report report) {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT);
        root.put("name", report.name());
        root.put("id", report.id());
        root.put("seed", report.seed());
        root.put("started", report.started().toString());
        millis(root, "tookMs", report.took());
        root.put("verdict", report.verdict().name());
        root.put(
                "expected", report.expected() == null ? null : report.expected().name());
        root.put("cause", report.cause() == null ? null : report.cause().toString());
        each(root, "findings", report.findings(), (node, finding) -> {
            node.put("kind", finding.kind().name());
            node.put("text", finding.text());
        });
        outcome(root.putObject("outcome"), report.outcome());
        each(root, "steps", report.steps(), JsonReport::step);
        each(root, "invariants", report.invariants(), (node, result) -> {
            node.put("name", result.name());
            node.put("state", result.state().name());
            node.put("detail", result.detail());
        });
        each(root, "events", report.events(), (node, event) -> {
            millis(node, "atMs", event.at());
            node.put("kind", event.kind().name());
            node.put("subject", event.subject());
            node.put("text", event.text());
        });
        each(root, "nodes", report.nodes(), JsonReport::node);
        each(root, "links", report.links(), (node, link) -> {
            node.put("name", link.name());
            node.put("address", link.address());
            node.put("connections", link.connections());
            node.put("upstreamBytes", link.upstream());
            node.put("downstreamBytes", link.downstream());
        });
        each(root, "choices", report.choices(), (node, choice) -> {
            node.put("step", choice.step());
            node.put("link", choice.link());
            node.put("connection", choice.connection());
            node.put("direction", choice.direction());
            node.put("unit", choice.unit());
            node.put("purpose", choice.purpose());
            node.put("value", choice.value());
        });
        each(root, "operations", report.history().operations(), JsonReport::operation);
        each(root, "samples", report.samples(), JsonReport::sample);
        return root.toPrettyString() + "\n";
    }

    private static void outcome(ObjectNode node, Report.Outcome outcome) {
        Recovery recovery = outcome.recovery();
        if (recovery == null) {
            node.putNull("recovery");
        } else {
            ObjectNode inner = node.putObject("recovery");
            inner.put("from", recovery.from().name());
            millis(inner, "notBeforeMs", recovery.notBefore());
            millis(inner, "timeMs", recovery.time());
        }
        millis(node, "timeToImpactMs", outcome.timeToImpact());
        node.put("errors", outcome.errors());
        millis(node, "worstLatencyMs", outcome.worstLatency());
    }

    private static void step(ObjectNode node, Report.StepOutcome outcome) {
        node.put("id", outcome.step().id());
        node.put("fault", outcome.step().fault().toString());
        node.put("target", outcome.step().target().toString());
        node.put("schedule", outcome.step().schedule().toString());
        ArrayNode resolved = node.putArray("resolved");
        outcome.resolved().forEach(resolved::add);
        node.put("occurrences", outcome.occurrences());
        node.put("grade", outcome.grade().name());
        node.put("effects", outcome.effects());
        node.put("probeEffects", outcome.probeEffects());
        node.put("overlapped", outcome.overlapped());
        millis(node, "firstEffectMs", outcome.firstEffect());
        millis(node, "lastEffectMs", outcome.lastEffect());
    }

    private static void node(ObjectNode node, Report.NodeOutcome outcome) {
        node.put("name", outcome.name());
        node.put("state", outcome.state().name());
        each(node, "incarnations", outcome.incarnations(), JsonReport::incarnation);
        ArrayNode output = node.putArray("output");
        outcome.output().forEach(output::add);
    }

    private static void incarnation(ObjectNode node, Incarnation life) {
        node.put("number", life.number());
        node.put("id", life.id());
        node.put("started", life.started().toString());
        node.put("ready", text(life.ready()));
        node.put("ended", text(life.ended()));
        node.put("ending", life.ending());
    }

    private static void operation(ObjectNode node, Operation operation) {
        node.put("index", operation.index());
        node.put("name", operation.name());
        millis(node, "beginMs", operation.begin());
        millis(node, "endMs", operation.end());
        node.put("input", text(operation.input()));
        node.put("output", text(operation.output()));
        node.put("outcome", operation.outcome().name());
        node.put("error", operation.error());
    }

    private static void sample(ObjectNode node, Sample sample) {
        node.put("probe", sample.probe());
        node.put("attempt", sample.attempt());
        node.put("phase", sample.phase().name());
        millis(node, "beginMs", sample.begin());
        millis(node, "endMs", sample.end());
        node.put("good", sample.good());
        node.put("seen", sample.seen());
    }

    private static <T> void each(ObjectNode parent, String name, List<T> items, BiConsumer<ObjectNode, T> fill) {
        ArrayNode array = parent.putArray(name);
        items.forEach(item -> fill.accept(array.addObject(), item));
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value instanceof Instant instant ? instant.toString() : String.valueOf(value);
    }

    private static void millis(ObjectNode node, String name, @Nullable Duration value) {
        if (value == null) {
            node.putNull(name);
        } else {
            node.put(name, value.toNanos() / 1_000 / 1e3);
        }
    }
}
