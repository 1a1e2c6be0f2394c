package dev.firedrill;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.probe.Probes;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.report.Finding;
import dev.firedrill.report.JsonReport;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader finds in report.json, compared with the report that was returned. */
class ReportFileTests {

    private static final String[] NAMES = {
        "format",
        "name",
        "id",
        "seed",
        "started",
        "tookMs",
        "verdict",
        "expected",
        "cause",
        "findings",
        "facts",
        "outcome",
        "steps",
        "invariants",
        "events",
        "nodes",
        "links",
        "choices",
        "operations",
        "samples",
    };

    @TempDir
    Path home;

    LineServer server;
    Chaos chaos;

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
        chaos = open(home.resolve("reports"));
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
    }

    private Chaos open(Path reports) {
        return Chaos.builder()
                .seed(7)
                .home(home.resolve("home"))
                .reports(reports)
                .start();
    }

    private static JsonNode read(Report report) throws IOException {
        return new ObjectMapper().readTree(Objects.requireNonNull(report.file()).toFile());
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void millis(JsonNode value, @Nullable Duration expected) {
        if (expected == null) {
            assertThat(value.isNull()).as("not measured, never zero").isTrue();
        } else {
            assertThat(value.asDouble()).isEqualTo(TimeUnit.NANOSECONDS.toMicros(expected.toNanos()) / 1e3);
        }
    }

    /** One of everything: two steps, chance, operations of each outcome, an invariant, a node with two lives. */
    private Report everything() {
        Service node = chaos.service("node", LineProcess.spec());
        return chaos.experiment("everything")
                .id("ReportFileTests.everything[1]")
                .steadyState(SteadyState.of("node accepts", Probes.tcp(node))
                        .every(ofMillis(10))
                        .during(true))
                .invariant("all is kept", history -> true)
                .inject(
                        new Latency(ofMillis(2), ofMillis(1)),
                        Target.of(node),
                        Schedule.now().probability(0.5))
                .inject(new Kill(), node, Schedule.now().on("now").lasting(ofMillis(50)))
                .observe(drill -> {
                    try (LineServer.Client client = new LineServer.Client(node.address(), 2_000)) {
                        for (int i = 0; i < 6; i++) {
                            String line = "m" + i;
                            drill.operation("ask", line, () -> client.ask(line));
                        }
                        drill.trigger("now");
                        drill.awaitActive();
                        assertThatThrownBy(() -> client.ask("after the kill")).isInstanceOf(IOException.class);
                    }
                    operate(drill, "wait", () -> {
                        throw new SocketTimeoutException("too long");
                    });
                    operate(drill, "fail", () -> {
                        throw new IllegalStateException("no");
                    });
                    throw new IllegalArgumentException("the body's own", new IOException("the cause"));
                });
    }

    private static void operate(Drill drill, String name, java.util.concurrent.Callable<Object> work) {
        assertThatThrownBy(() -> drill.operation(name, work)).isInstanceOf(Exception.class);
    }

    @Test
    void everything_a_reader_needs() throws IOException {
        Report report = everything();
        JsonNode root = read(report);

        assertThat(report.file()).isEqualTo(home.resolve("reports/ReportFileTests.everything[1]/report.json"));
        assertThat(names(root)).containsExactly(NAMES);
        assertThat(root.path("format").asInt()).isEqualTo(1);
        assertThat(root.path("name").asText()).isEqualTo("everything");
        assertThat(root.path("id").asText()).isEqualTo("ReportFileTests.everything[1]");
        assertThat(root.path("seed").asLong()).isEqualTo(7);
        assertThat(Instant.parse(root.path("started").asText())).isEqualTo(report.started());
        assertThat(root.path("verdict").asText()).isEqualTo("BODY_FAILED");
        assertThat(root.path("expected").isNull()).isTrue();
        // written before it was returned
        assertThat(root.path("tookMs").asDouble()).isPositive();
        assertThat(root.path("findings")).hasSameSizeAs(report.findings());
        assertThat(root.path("facts")).hasSameSizeAs(report.facts());
        assertThat(root.path("facts").get(0).toString())
                .isEqualTo("{\"key\":\"verdict\",\"value\":\"BODY_FAILED, the system must act\"}");
        assertThat(root.path("invariants").toString())
                .isEqualTo("[{\"name\":\"all is kept\",\"state\":\"HOLDS\",\"detail\":\"ok\"}]");
    }

    @Test
    void the_cause_with_its_stack_trace() throws IOException {
        JsonNode cause = read(everything()).path("cause");
        assertThat(names(cause)).containsExactly("type", "message", "stackTrace");
        assertThat(cause.path("type").asText()).isEqualTo("java.lang.IllegalArgumentException");
        assertThat(cause.path("message").asText()).isEqualTo("the body's own");
        assertThat(cause.path("stackTrace").asText())
                .startsWith("java.lang.IllegalArgumentException: the body's own\n\tat dev.firedrill.ReportFileTests.")
                .contains("Caused by: java.io.IOException: the cause");
    }

    @Test
    void the_outcome_and_the_steps() throws IOException {
        Report report = everything();
        JsonNode root = read(report);

        JsonNode outcome = root.path("outcome");
        millis(
                outcome.path("recovery").path("timeMs"),
                report.recovery().orElseThrow().time());
        millis(
                outcome.path("recovery").path("notBeforeMs"),
                report.recovery().orElseThrow().notBefore());
        assertThat(outcome.path("recovery").path("from").asText()).isEqualTo("HEAL");
        millis(outcome.path("deadlineMs"), Experiment.DEFAULT_DEADLINE);
        millis(outcome.path("timeToImpactMs"), report.outcome().timeToImpact());
        assertThat(outcome.path("errors").asInt()).isEqualTo(report.outcome().errors());
        millis(outcome.path("worstLatencyMs"), report.outcome().worstLatency());

        JsonNode kill = root.path("steps").get(1);
        Report.StepOutcome step = report.steps().get(1);
        assertThat(kill.path("id").asText()).isEqualTo("2-kill");
        assertThat(kill.path("fault").asText()).isEqualTo("Kill[looks=RESET]");
        assertThat(kill.path("target").asText()).isEqualTo("node");
        assertThat(kill.path("schedule").asText()).isEqualTo("after 0ms on now lasting 50ms");
        assertThat(kill.path("resolved").toString()).isEqualTo("[\"node\"]");
        assertThat(kill.path("occurrences").asInt()).isEqualTo(1);
        assertThat(kill.path("grade").asText()).isEqualTo("OBSERVED");
        assertThat(kill.path("effects").asLong()).isEqualTo(step.effects()).isPositive();
        assertThat(kill.path("overlapped").asLong()).isEqualTo(step.overlapped());
        assertThat(kill.path("proven").asBoolean()).isTrue();
        millis(kill.path("firstEffectMs"), step.firstEffect());
        millis(kill.path("lastEffectMs"), step.lastEffect());
        assertThat(root.path("steps").get(0).path("probeEffects").asLong())
                .isEqualTo(report.steps().get(0).probeEffects());
    }

    @Test
    void the_events() throws IOException {
        Report report = everything();
        JsonNode root = read(report);
        assertThat(root.path("events")).hasSameSizeAs(report.events());
        for (int i = 0; i < report.events().size(); i++) {
            JsonNode event = root.path("events").get(i);
            millis(event.path("atMs"), report.events().get(i).at());
            assertThat(event.path("kind").asText())
                    .isEqualTo(report.events().get(i).kind().name());
            assertThat(event.path("subject").asText())
                    .isEqualTo(report.events().get(i).subject());
            assertThat(event.path("text").asText())
                    .isEqualTo(report.events().get(i).text());
        }
    }

    @Test
    void nodes_with_their_lives_and_output_and_links() throws IOException {
        Report report = everything();
        JsonNode root = read(report);

        JsonNode node = root.path("nodes").get(0);
        assertThat(node.path("name").asText()).isEqualTo("node");
        assertThat(node.path("state").asText()).isEqualTo("READY");
        assertThat(node.path("output").toString()).contains("a line server");
        assertThat(node.path("incarnations")).hasSize(2);
        JsonNode first = node.path("incarnations").get(0);
        assertThat(first.path("id").asText()).startsWith("process ");
        assertThat(first.path("ending").asText()).isEqualTo("killed");
        assertThat(Instant.parse(first.path("ended").asText()))
                .isAfterOrEqualTo(Instant.parse(first.path("ready").asText()))
                .isAfterOrEqualTo(Instant.parse(first.path("started").asText()));
        assertThat(node.path("incarnations").get(1).path("ended").isNull()).isTrue();

        assertThat(root.path("links")).hasSize(2);
        for (int i = 0; i < 2; i++) {
            JsonNode link = root.path("links").get(i);
            Report.LinkOutcome expected = report.links().get(i);
            assertThat(link.path("name").asText()).isEqualTo(expected.name());
            assertThat(link.path("address").asText()).startsWith("127.0.0.1:");
            assertThat(link.path("connections").asLong())
                    .isEqualTo(expected.connections())
                    .isPositive();
            assertThat(link.path("upstreamBytes").asLong()).isEqualTo(expected.upstream());
            assertThat(link.path("downstreamBytes").asLong()).isEqualTo(expected.downstream());
        }
    }

    @Test
    void choices_operations_and_samples() throws IOException {
        Report report = everything();
        JsonNode root = read(report);

        assertThat(root.path("choices")).hasSameSizeAs(report.choices()).isNotEmpty();
        assertThat(names(root.path("choices").get(0)))
                .containsExactly("step", "link", "connection", "direction", "unit", "purpose", "value");

        assertThat(root.path("operations")).hasSize(9);
        assertThat(root.path("operations").get(0).path("name").asText()).isEqualTo("body");
        JsonNode ask = root.path("operations").get(1);
        assertThat(names(ask))
                .containsExactly("index", "name", "beginMs", "endMs", "input", "output", "outcome", "error");
        assertThat(ask.path("input").asText()).isEqualTo("m0");
        assertThat(ask.path("output").asText()).isEqualTo("pong m0");
        assertThat(ask.path("outcome").asText()).isEqualTo("OK");
        assertThat(ask.path("error").isNull()).isTrue();
        millis(ask.path("endMs"), report.history().operations().get(1).end());
        assertThat(root.path("operations").get(7).path("outcome").asText()).isEqualTo("UNKNOWN");
        assertThat(root.path("operations").get(8).path("outcome").asText()).isEqualTo("FAILED");
        assertThat(root.path("operations").get(8).path("error").asText()).isEqualTo("no");

        assertThat(root.path("samples")).hasSameSizeAs(report.samples());
        assertThat(root.path("samples").findValuesAsText("phase")).contains("BEFORE", "DURING", "AFTER");
        JsonNode sample = root.path("samples").get(0);
        assertThat(sample.path("probe").asText()).isEqualTo("node accepts");
        assertThat(sample.path("good").asBoolean()).isTrue();
        assertThat(sample.path("seen").asText()).isEqualTo("ok");
        millis(sample.path("beginMs"), report.samples().get(0).begin());
    }

    @Test
    void what_was_not_measured_is_null() throws IOException {
        Service kv = chaos.service("kv", server.upstream());
        JsonNode root = read(chaos.experiment("nothing measured")
                .inject(new Latency(ofMillis(1)), kv)
                .observe(drill -> {}));
        assertThat(root.path("outcome").toString())
                .isEqualTo("{\"recovery\":null,\"deadlineMs\":null,\"timeToImpactMs\":null,\"errors\":null,"
                        + "\"worstLatencyMs\":null}");
        assertThat(root.path("steps").get(0).path("firstEffectMs").isNull()).isTrue();
        assertThat(root.path("steps").get(0).path("grade").asText()).isEqualTo("NONE");
        assertThat(root.path("cause").isNull()).isTrue();
        assertThat(root.path("samples")).isEmpty();
    }

    @Test
    void values_of_the_tests_that_can_not_be_written_do_not_cost_the_report() throws IOException {
        Service kv = chaos.service("kv", server.upstream());
        Object broken = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("half made");
            }
        };
        Report report = chaos.experiment("odd values")
                .inject(new Latency(ofMillis(1)), kv)
                .observe(drill -> {
                    LineServer.ask(kv.address(), "a");
                    drill.operation("broken", broken, () -> "half a pair: \uD83D.");
                });
        JsonNode operation = read(report).path("operations").get(1);
        assertThat(operation.path("input").asText())
                .isEqualTo("(its toString() failed: java.lang.IllegalStateException: half made)");
        assertThat(operation.path("output").asText()).startsWith("half a pair: ");
        assertThat(JsonReport.render(report))
                .startsWith("{\n  \"format\" : 1,\n")
                .endsWith("}\n");
    }

    @Test
    void a_report_that_can_not_be_written_does_not_hide_the_verdict() throws IOException {
        Path file = Files.writeString(home.resolve("a-file"), "no folder");
        try (Chaos other = open(file)) {
            Service kv = other.service("kv", server.upstream());
            Report report = other.experiment("unwritten")
                    .inject(new Latency(ofMillis(1)), kv)
                    .observe(drill -> {
                        LineServer.ask(kv.address(), "a");
                        throw new AssertionError("the body's own");
                    });
            assertThat(report.verdict()).isEqualTo(Verdict.BODY_FAILED);
            assertThat(report.cause()).hasMessage("the body's own");
            assertThat(report.file()).isNull();
            assertThat(report.findings())
                    .filteredOn(finding -> finding.kind() == Finding.Kind.NOTE)
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.text())
                            .startsWith("the report could not be written to " + file.resolve("unwritten/report.json")
                                    + ": ")
                            .endsWith("; make the folder writable, or set another with chaos.report.dir"));
            assertThat(report.text()).contains("  also    : the report could not be written to ");
        }
    }

    @Test
    void an_id_never_leads_out_of_the_folder() {
        assertThat(Assembly.folder("a.b#c(1)[2]")).isEqualTo("a.b#c(1)[2]");
        for (String id : new String[] {"..", ".", "", "../../etc", "a/b", "a b", "x".repeat(500)}) {
            String folder = Assembly.folder(id);
            assertThat(folder).doesNotContain("/").hasSizeBetween(1, 160).isNotIn(".", "..");
            assertThat(folder).as("kept apart from its neighbours").contains("-" + Integer.toHexString(id.hashCode()));
        }
    }
}
