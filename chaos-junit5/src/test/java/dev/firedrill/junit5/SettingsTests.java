package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firedrill.Upstream;
import dev.firedrill.junit5.BadInput.Base;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The configuration parameters. */
class SettingsTests {

    private static final Upstream ECHO = new Echo().upstream();

    @TempDir
    Path reports;

    @Firedrill
    static class Chancy {

        @ChaosService
        static final Upstream echo = ECHO;

        /** Which of the two gets which connection is fixed by the order of connecting; who sends when is not. */
        @Test
        @Latency(target = "echo", delay = "2ms..6ms", probability = 0.4)
        void two_connections_at_once(@ServiceUri InetSocketAddress address) throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(2);
            try (Socket one = new Socket(address.getAddress(), address.getPort());
                    Socket two = new Socket(address.getAddress(), address.getPort())) {
                one.setTcpNoDelay(true);
                two.setTcpNoDelay(true);
                List<Future<?>> both =
                        List.of(threads.submit(() -> talk(one, 30)), threads.submit(() -> talk(two, 40)));
                for (Future<?> each : both) {
                    each.get();
                }
            } finally {
                threads.shutdownNow();
            }
        }

        private static Void talk(Socket socket, int times) throws IOException {
            for (int i = 0; i < times; i++) {
                socket.getOutputStream().write('x');
                assertThat(socket.getInputStream().read()).isEqualTo('x');
            }
            return null;
        }
    }

    private JsonNode run(String name, String... settings) throws IOException {
        Kit kit = Kit.of(Chancy.class)
                .with("chaos.report.dir", reports.resolve(name).toString());
        for (int i = 0; i < settings.length; i += 2) {
            kit.with(settings[i], settings[i + 1]);
        }
        assertThat(Kit.failures(kit.run())).isEmpty();
        return new ObjectMapper().readTree(report(name).toFile());
    }

    private Path report(String name) throws IOException {
        try (var files = Files.walk(reports.resolve(name))) {
            return files.filter(file -> file.endsWith("report.json"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** By connection and message, for the order in time is not the seed's. */
    private static List<String> choices(JsonNode report) {
        return report.path("choices").findParents("value").stream()
                .map(JsonNode::toString)
                .sorted()
                .toList();
    }

    @Test
    void the_same_seed_makes_the_same_choices_for_each_connection_and_message() throws IOException {
        JsonNode first = run("first", "chaos.seed", "7");
        JsonNode second = run("second", "chaos.seed", "7");
        JsonNode other = run("other", "chaos.seed", "8");

        assertThat(choices(first)).hasSizeGreaterThan(70).isEqualTo(choices(second));
        assertThat(choices(first)).isNotEqualTo(choices(other));
        assertThat(first.path("findings").toString()).contains("NOT_REPLAYABLE");
    }

    @Test
    void a_report_can_be_replayed() throws IOException {
        JsonNode first = run("first", "chaos.seed", "11");
        JsonNode second =
                run("second", "chaos.seed", "", "chaos.replay", report("first").toString());

        assertThat(second.path("seed").asLong()).isEqualTo(11);
        assertThat(choices(second)).isEqualTo(choices(first));
    }

    @Test
    void a_profile_is_a_file_of_settings_that_yields_to_those_given_directly() throws IOException {
        assertThat(run("profile", "chaos.seed", "", "chaos.profile", "testing")
                        .path("seed")
                        .asLong())
                .isEqualTo(99);
        assertThat(run("direct", "chaos.seed", "5", "chaos.profile", "testing")
                        .path("seed")
                        .asLong())
                .isEqualTo(5);
    }

    @Firedrill
    static class Mixed {

        @ChaosService
        static final Upstream echo = ECHO;

        @Test
        @Latency(target = "echo", delay = "2ms")
        void with_a_fault() {
            throw new AssertionError("it ran");
        }

        @Test
        void without_one(@ServiceUri InetSocketAddress address) throws IOException {
            assertThat(Echo.ask(address)).isTrue();
        }
    }

    @Test
    void switched_off_tests_with_a_fault_are_aborted_and_the_others_run() {
        var results = Kit.of(Mixed.class).with("chaos.enabled", "false").run();

        results.testEvents()
                .assertStatistics(stats -> stats.succeeded(1).aborted(1).failed(0));
        assertThat(Kit.failures(results))
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(TestAbortedException.class)
                        .hasMessageStartingWith("faults are switched off by chaos.enabled=false\n"));
    }

    @Test
    void an_engine_that_can_serve_these_links_may_be_named() throws IOException {
        assertThat(run("embedded", "chaos.engine", "embedded").path("verdict").asText())
                .isEqualTo("SURVIVED");
    }

    static class Plain extends Base {
        @Test
        void test() {}
    }

    @Test
    void settings_that_are_none() {
        assertThat(Kit.of(Plain.class).with("chaos.seed", "abc").failure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage(
                        "chaos.seed \"abc\" is no whole number of 64 bits; write the number that a report printed, such"
                                + " as -Dchaos.seed=8231, or leave it out for a fresh one");
        assertThat(Kit.of(Plain.class).with("chaos.engine", "warp").failure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage("chaos.engine \"warp\" is unknown; allowed are auto (the default), embedded and toxiproxy");
    }
}
