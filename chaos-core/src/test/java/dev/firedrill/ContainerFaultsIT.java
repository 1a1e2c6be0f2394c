package dev.firedrill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.HalfOpen;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Restart;
import dev.firedrill.fault.Stop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every fault under every engine, seen by the test and by another container; {@code docs/faults.md} is made of it. */
@Tag("docker")
class ContainerFaultsIT {

    private static final Path PAGE = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .getParent()
            .resolve("docs/faults.md");

    private static final List<Fault> FAULTS = Stream.of(
                    List.of(
                            FaultScene.LATENCY,
                            FaultScene.NORMAL_LATENCY,
                            FaultScene.BANDWIDTH,
                            new ResetPeer(),
                            new Blackhole(),
                            FaultScene.CLOSING_BLACKHOLE,
                            new Refuse(),
                            FaultScene.SLICE,
                            FaultScene.LIMIT_DATA,
                            FaultScene.SLOW_CLOSE,
                            FaultScene.SLOW_CONNECT,
                            new Disconnect(Duration.ZERO),
                            new HalfOpen(),
                            FaultScene.PACKET_LOSS),
                    FaultScene.OF_MESSAGES,
                    List.of(new Kill(), new Stop(), new Pause(), new Restart()))
            .<Fault>flatMap(List::stream)
            .toList();

    private static final List<String> ENGINES = List.of("auto", "embedded", "toxiproxy");

    /** By engine and fault, what the test and the other container see. */
    private static final Map<String, List<String>> SEEN = new ConcurrentHashMap<>();

    /** By engine and fault, the report of an experiment in which the test met it. */
    private static final Map<String, Report> PROVED = new ConcurrentHashMap<>();

    @BeforeAll
    static void look(@TempDir Path home) {
        List<Runnable> looks = new ArrayList<>();
        ENGINES.forEach(engine -> looks.add(() -> look(engine, home.resolve(engine))));
        Together.run("scenes", looks);
    }

    private static void look(String engine, Path home) {
        try (FaultScene scene = new FaultScene(engine, home).start()) {
            for (Fault fault : FAULTS) {
                String name = engine + " " + FaultScene.name(fault);
                SEEN.put(name, scene.look(fault));
                Report report = fault.place() == Fault.Place.LINK ? scene.drill(fault) : null;
                if (report != null) {
                    PROVED.put(name, report);
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(engine, e);
        }
    }

    private static String page() {
        StringBuilder page = new StringBuilder("""
                # What each fault looks like

                Made by `ContainerFaultsIT`, which does each of these to a real Redis in a container and looks from a plain \
                client: the test, over the address of its link, and another container, over the service's network alias. The \
                client waits 1 s for an answer. Write it anew with `-Dfiredrill.docs=write`.

                Latency is 300 ms and bandwidth 100 KB/s, both as they are by default otherwise; `slice` cuts replies every 10,000 \
                bytes and waits for 75 ms behind each piece, `limit-data` closes after 10,000 bytes, and `slow-close` by 300 ms later, \
                as a client sees that says `QUIT`; the time-out of a blackhole is 300 ms. `slow-connect` lets wait for 400 ms, \
                `disconnect` closes at once, `packet-loss` loses every reply six times, first for 5 ms, and a latency that is not \
                uniform is normal within 300 and 400 ms. A fault on links was put on that \
                caller's link alone (`test->redis`, `containers->redis`); one on nodes is seen by both at once. Of the faults of single \
                messages `corrupt` cuts replies short, `drop-message` swallows requests and `delay-message` holds them for 300 ms; \
                `duplicate` and `reorder`, which this client does not notice, have the same engines.
                """);
        for (String engine : ENGINES) {
            page.append("\n## chaos.engine=")
                    .append(engine)
                    .append("\n\n| fault | the test | another container |\n|---|---|---|\n");
            for (Fault fault : FAULTS) {
                page.append("| ").append(FaultScene.name(fault)).append(" |");
                for (String seen : SEEN.get(engine + " " + FaultScene.name(fault))) {
                    page.append(' ').append(cell(seen)).append(" |");
                }
                page.append('\n');
            }
        }
        return page.toString();
    }

    private static String cell(String text) {
        return text.replaceAll("\\n\\s*", "<br>").replace("|", "\\|");
    }

    @Test
    void the_page_tells_what_is_seen() throws IOException {
        if ("write".equals(System.getProperty("firedrill.docs"))) {
            Files.writeString(PAGE, page());
        }
        List<String> told = Files.exists(PAGE) ? Files.readAllLines(PAGE) : List.of();
        assertThat(page().lines().toList())
                .as("docs/faults.md is not what was seen; if the new behaviour is right, run again with"
                        + " -Dfiredrill.docs=write and commit the page")
                .containsExactlyElementsOf(told);
    }

    @Test
    void every_fault_is_felt_or_refused_with_the_reason() {
        assertThat(SEEN).hasSize(FAULTS.size() * ENGINES.size());
        SEEN.forEach((fault, seen) -> assertThat(seen)
                .as(fault)
                .hasSize(2)
                .allMatch(text -> text.startsWith("refused: ") || !text.contains("new connection: answered.")));
    }

    @Test
    void whoever_makes_it_what_the_test_meets_on_its_link_is_proof() {
        assertThat(PROVED).hasSizeGreaterThan(FAULTS.size());
        PROVED.forEach((fault, report) ->
                assertThat(report.verdict()).as(fault + ": " + report.text()).isEqualTo(Verdict.SURVIVED));
    }

    /** Toxiproxy hangs on a container that is gone. */
    @Test
    void nobody_hangs_on_a_dead_container() {
        for (String fault : List.of("kill", "stop", "restart")) {
            for (String engine : ENGINES) {
                assertThat(SEEN.get(engine + " " + fault))
                        .as(engine + " " + fault)
                        .noneMatch(text -> text.contains("no answer"));
            }
        }
    }
}
