package dev.firedrill;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firedrill.fault.Latency;
import dev.firedrill.probe.Probes;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One seed, two runs, the same choices for each connection and message: shown from the two files report.json. */
class SeedTests {

    private static final int MESSAGES = 40;

    @TempDir
    Path home;

    /** What differs from one run to the next though nobody wants it to. */
    private record Surroundings(int earlierConnections, Duration every) {}

    private JsonNode run(String folder, long seed, Surroundings around) throws Exception {
        try (LineServer server = new LineServer();
                Chaos chaos = Chaos.builder()
                        .seed(seed)
                        .home(home)
                        .reports(home.resolve(folder))
                        .start()) {
            Service kv = chaos.service("kv", server.upstream());
            for (int i = 0; i < around.earlierConnections; i++) {
                LineServer.ask(kv.address(), "before");
            }
            Report report = plan(chaos, kv, around).observe(drill -> {
                // accepted in this order; then both speak at once
                try (LineServer.Client a = new LineServer.Client(kv.address(), 5_000);
                        LineServer.Client b = new LineServer.Client(kv.address(), 5_000)) {
                    bothAtOnce(a, b);
                }
            });
            assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
            return new ObjectMapper()
                    .readTree(Objects.requireNonNull(report.file()).toFile());
        }
    }

    private static Experiment.Builder plan(Chaos chaos, Service kv, Surroundings around) {
        return chaos.experiment("two connections")
                .steadyState(SteadyState.of("kv answers", () -> LineServer.ask(kv.address(), "health", 1_000) != null)
                        .every(around.every))
                .steadyState(SteadyState.of("kv accepts", Probes.tcp(kv))
                        .every(around.every)
                        .during(true))
                .inject(
                        new Latency(ofMillis(2), ofMillis(2)),
                        kv,
                        Schedule.now().probability(0.4));
    }

    private static void bothAtOnce(LineServer.Client a, LineServer.Client b) throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> talks = new ArrayList<>();
            for (LineServer.Client each : List.of(a, b)) {
                talks.add(threads.submit(() -> {
                    together.await(5, TimeUnit.SECONDS);
                    for (int i = 0; i < MESSAGES; i++) {
                        each.ask("message " + i);
                    }
                    return null;
                }));
            }
            for (Future<?> each : talks) {
                each.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** The choices of one step on the test's connections, by connection, direction, message and purpose. */
    private static Map<String, String> choices(JsonNode report, String step) {
        Map<String, String> choices = new TreeMap<>();
        for (JsonNode each : report.path("choices")) {
            if (each.path("step").asText().equals(step)
                    && each.path("link").asText().equals("test->kv")) {
                String site = String.join(
                        " ",
                        each.path("connection").asText(),
                        each.path("direction").asText(),
                        each.path("unit").asText(),
                        each.path("purpose").asText());
                assertThat(choices.put(site, each.path("value").asText()))
                        .as("one choice for each site")
                        .isNull();
            }
        }
        return choices;
    }

    private static long probeConnections(JsonNode report) {
        for (JsonNode each : report.path("links")) {
            if (each.path("name").asText().equals("probe->kv")) {
                return each.path("connections").asLong();
            }
        }
        return 0;
    }

    @Test
    void the_same_choices_though_ports_probes_and_earlier_connections_differ() throws Exception {
        JsonNode first = run("first", 7, new Surroundings(0, ofMillis(50)));
        JsonNode second = run("second", 7, new Surroundings(9, ofMillis(1)));

        Map<String, String> hits = choices(first, "1-latency");
        assertThat(hits.values()).contains("true", "false").doesNotContain("forced");
        assertThat(hits.keySet().stream().filter(site -> site.endsWith(" hit")))
                .as("two connections with a reply to each message")
                .hasSize(2 * MESSAGES);
        assertThat(hits.keySet().stream().filter(site -> site.endsWith(" delay")))
                .hasSize((int) hits.values().stream().filter("true"::equals).count());
        assertThat(choices(second, "1-latency")).isEqualTo(hits);

        assertThat(probeConnections(second)).as("the surroundings did differ").isGreaterThan(probeConnections(first));
        assertThat(second.path("links").get(0).path("address"))
                .isNotEqualTo(first.path("links").get(0).path("address"));
    }

    @Test
    void other_choices_of_another_seed() throws Exception {
        assertThat(choices(run("seven", 7, new Surroundings(0, ofMillis(20))), "1-latency"))
                .isNotEqualTo(choices(run("eight", 8, new Surroundings(0, ofMillis(20))), "1-latency"));
    }

    @Test
    void the_bodys_own_choices_are_repeated_too() throws Exception {
        List<List<Object>> runs = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (LineServer server = new LineServer();
                    Chaos chaos =
                            Chaos.builder().seed(7).home(home).reports(null).start()) {
                Service kv = chaos.service("kv", server.upstream());
                List<Object> chosen = new ArrayList<>();
                chaos.experiment("times").inject(new Latency(ofMillis(1)), kv).run(drill -> {
                    chosen.add(drill.seed());
                    chosen.add(drill.chance("which book").below(1_000_000));
                    LineServer.ask(kv.address(), "a");
                });
                runs.add(chosen);
            }
        }
        assertThat(runs.get(0)).isEqualTo(runs.get(1)).hasSize(2);
    }

    @Test
    void a_fresh_seed_is_chosen_and_printed_where_none_is_given() throws IOException {
        try (LineServer server = new LineServer();
                Chaos chaos = Chaos.builder().home(home).reports(null).start()) {
            Service kv = chaos.service("kv", server.upstream());
            Report report = chaos.experiment("fresh")
                    .inject(new Latency(ofMillis(1)), kv)
                    .observe(drill -> {});
            assertThat(report.seed()).isEqualTo(chaos.seed()).isBetween(0L, 999_999L);
            assertThat(report.text()).contains("(repeat with Chaos.builder().seed(" + chaos.seed() + "))");
        }
    }
}
