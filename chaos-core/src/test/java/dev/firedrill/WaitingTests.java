package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Schedule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A long phase says that it is still waiting, and for what. Seen in the log, which goes to the standard error stream. */
class WaitingTests {

    @TempDir
    Path home;

    LineServer server;
    Chaos chaos;
    Service kv;
    PrintStream before;
    ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws IOException {
        before = System.err;
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        server = new LineServer();
        Chaos.Builder builder = Chaos.builder().seed(7).home(home).reports(null);
        builder.sayEvery = ofMillis(50);
        chaos = builder.start();
        kv = chaos.service("kv", server.upstream());
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
        System.setErr(before);
    }

    /** What was waited for, without the numbers that differ from run to run. */
    private List<String> waited() {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains("still waiting for "))
                .map(line -> line.replaceAll(".*\\[slow] ", "")
                        .replaceAll("\\d+\\.\\ds", "#s")
                        .replaceAll("attempt \\d+", "attempt #"))
                .distinct()
                .toList();
    }

    private Experiment.Builder slow() {
        return chaos.experiment("slow").inject(new Latency(ofMillis(1)), kv);
    }

    private String ask() throws IOException {
        return LineServer.ask(kv.address(), "a");
    }

    @Test
    void nothing_is_said_while_nothing_takes_long() {
        Chaos.Builder usual = Chaos.builder();
        assertThat(usual.sayEvery).isEqualTo(ofSeconds(5));
        chaos.close();
        try (Chaos other = usual.home(home).reports(null).start()) {
            Service service = other.service("kv", server.upstream());
            other.experiment("slow")
                    .steadyState("well", () -> true)
                    .inject(new Latency(ofMillis(1)), service)
                    .run(drill -> LineServer.ask(service.address(), "a"));
        }
        assertThat(waited()).isEmpty();
    }

    @Test
    void for_the_steady_state_before_and_after() {
        long origin = System.nanoTime();
        AtomicInteger phase = new AtomicInteger();
        slow().steadyState(SteadyState.of("kv is warm", () -> {
                            Duration since = Duration.ofNanos(System.nanoTime() - origin);
                            return phase.get() == 0 ? since.toMillis() > 200 : phase.getAndIncrement() > 10;
                        })
                        .every(ofMillis(20)))
                .run(drill -> {
                    ask();
                    phase.set(1);
                });
        assertThat(waited())
                .contains("+#s still waiting for \"kv is warm\", last seen: false (attempt #, +#s), for #s now");
    }

    @Test
    void for_one_look() {
        slow().steadyState(SteadyState.of("kv answers", () -> {
                            VerdictTests.pause(180);
                            return true;
                        })
                        .hold(1))
                .run(drill -> ask());
        assertThat(waited()).contains("+#s still waiting for the answer of \"kv answers\", for #s now");
    }

    @Test
    void for_the_body_and_what_it_does() {
        slow().run(drill -> {
            ask();
            VerdictTests.pause(180);
            drill.operation("pay", () -> VerdictTests.pause(180));
        });
        assertThat(waited())
                .containsExactly(
                        "+#s still waiting for the body, for #s now",
                        "+#s still waiting for the body, which does \"pay\", for #s now");
    }

    @Test
    void for_the_rest_of_the_schedule() {
        slow().inject(
                        new Latency(ofMillis(1)),
                        kv,
                        Schedule.now().after(ofMillis(500)).lasting(ofMillis(500)))
                .observe(drill -> ask());
        assertThat(waited())
                .containsExactly(
                        "+#s still waiting for the schedule to end, next: inject 2-latency in #s, for #s now",
                        "+#s still waiting for the schedule to end, next: heal 2-latency in #s, for #s now");
    }

    @Test
    void for_a_node_to_be_ready() {
        LocalProcess spec = LineProcess.spec();
        String java = String.join(" ", spec.command());
        Service slowStart = chaos.service(
                "node",
                LocalProcess.of(
                                "sh",
                                "-c",
                                "if [ -e {dir}/again ]; then sleep 0.5; fi; touch {dir}/again; exec " + java)
                        .ports(7000));
        chaos.experiment("slow")
                .steadyState("well", () -> true)
                .inject(new Kill(), slowStart)
                .run(drill -> {
                    try {
                        LineServer.ask(slowStart.address(), "a");
                    } catch (IOException e) {
                        return; // it is down
                    }
                });
        assertThat(waited()).contains("+#s still waiting for node to be ready, for #s now");
    }

    @Test
    void for_an_invariant_that_takes_long_or_can_not_be_read_yet() {
        AtomicInteger tries = new AtomicInteger();
        slow().invariant("all is kept", history -> {
                    VerdictTests.pause(180);
                    if (tries.incrementAndGet() < 3) {
                        throw new IOException("connection refused");
                    }
                    return true;
                })
                .run(drill -> ask());
        assertThat(waited())
                .containsExactly(
                        "+#s still waiting for the answer of the invariant \"all is kept\", for #s now",
                        "+#s still waiting for \"all is kept\" to be readable, last seen: connection refused, for #s now");
    }

    @Test
    void phases_and_the_seed_are_in_the_log() {
        slow().steadyState("well", () -> true).run(drill -> ask());
        assertThat(log.toString(StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.replaceAll(".*\\[slow] \\+\\d\\.\\ds ", "")))
                .containsSubsequence(
                        "steady: seed 7, id slow",
                        "inject",
                        "run: the body begins",
                        "the body passed",
                        "heal",
                        "judge",
                        "verdict RECOVERED");
    }
}
