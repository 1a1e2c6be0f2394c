package dev.firedrill.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firedrill.Incarnation;
import dev.firedrill.Report;
import dev.firedrill.history.Operation;
import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.Sample;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
            // unlike a writer made by Files, this one replaces what can't be encoded
            try (Writer out = new OutputStreamWriter(Files.newOutputStream(part), StandardCharsets.UTF_8)) {
                write(report, out);
            }
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
        StringWriter out = new StringWriter();
        try {
            write(report, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is no file that could fail
        }
        return out.toString();
    }

    /** One item after the other: a million operations would not fit into memory a second time. */
    private static void write(Report report, Writer out) throws IOException {
        try (JsonGenerator json = JSON.createGenerator(out).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            for (Map.Entry<String, JsonNode> each : head(report).properties()) {
                json.writeFieldName(each.getKey());
                json.writeTree(each.getValue());
            }
            each(json, "events", report.events(), JsonReport::event);
            each(json, "nodes", report.nodes(), JsonReport::node);
            each(json, "links", report.links(), JsonReport::link);
            each(json, "choices", report.choices(), JsonReport::choice);
            each(json, "operations", report.history().operations(), JsonReport::operation);
            each(json, "samples", report.samples(), JsonReport::sample);
            json.writeEndObject();
            json.writeRaw('\n');
        }
    }

    private static <T> void each(JsonGenerator json, String name, List<T> items, BiConsumer<ObjectNode, T> fill)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (T item : items) {
            ObjectNode node = JSON.createObjectNode();
            fill.accept(node, item);
            json.writeTree(node);
        }
        json.writeEndArray();
    }

    private static ObjectNode head(Report report) {
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
        cause(root, report.cause());
        each(root, "findings", report.findings(), (node, finding) -> {
            node.put("kind", finding.kind().name());
            node.put("text", finding.text());
        });
        each(root, "facts", report.facts(), (node, fact) -> {
            node.put("key", fact.key());
            node.put("value", fact.value());
        });
        outcome(root.putObject("outcome"), report.outcome());
        each(root, "steps", report.steps(), JsonReport::step);
        each(root, "invariants", report.invariants(), (node, result) -> {
            node.put("name", result.name());
            node.put("state", result.state().name());
            node.put("detail", result.detail());
        });
        return root;
    }

    private static void cause(ObjectNode root, @Nullable Throwable cause) {
        if (cause == null) {
            root.putNull("cause");
            return;
        }
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        ObjectNode node = root.putObject("cause");
        node.put("type", cause.getClass().getName());
        node.put("message", cause.getMessage());
        node.put("stackTrace", trace.toString());
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
        millis(node, "deadlineMs", outcome.deadline());
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
        node.put("proven", outcome.proven());
        millis(node, "firstEffectMs", outcome.firstEffect());
        millis(node, "lastEffectMs", outcome.lastEffect());
    }

    private static void event(ObjectNode node, Event event) {
        millis(node, "atMs", event.at());
        node.put("kind", event.kind().name());
        node.put("subject", event.subject());
        node.put("text", event.text());
    }

    private static void link(ObjectNode node, Report.LinkOutcome link) {
        node.put("name", link.name());
        node.put("address", link.address());
        node.put("connections", link.connections());
        node.put("upstreamBytes", link.upstream());
        node.put("downstreamBytes", link.downstream());
    }

    private static void choice(ObjectNode node, Choice choice) {
        node.put("step", choice.step());
        node.put("link", choice.link());
        node.put("connection", choice.connection());
        node.put("direction", choice.direction());
        node.put("unit", choice.unit());
        node.put("purpose", choice.purpose());
        node.put("value", choice.value());
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
        try {
            return value == null ? null : String.valueOf(value);
        } catch (RuntimeException e) {
            return "(its toString() failed: " + e + ")"; // a value of the test's must not cost the report
        }
    }

    private static void millis(ObjectNode node, String name, @Nullable Duration value) {
        if (value == null) {
            node.putNull(name);
        } else {
            node.put(name, TimeUnit.NANOSECONDS.toMicros(value.toNanos()) / 1e3);
        }
    }
}
