package dev.firedrill;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Refuse;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exact text of each failure; only what differs from run to run is written as a number sign. */
class FailureTextTests {

    @TempDir
    Path home;

    LineServer server;
    Chaos chaos;
    Service kv;
    AtomicBoolean sick = new AtomicBoolean();

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
        server.answer(line -> sick.get() ? "sick" : "pong " + line);
        chaos = Chaos.builder()
                .settings(name -> name.equals("chaos.seed") ? "8231" : null)
                .home(home.resolve("home"))
                .reports(home.resolve("reports"))
                .start();
        kv = chaos.service("kv", server.upstream());
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
    }

    private Experiment.Builder slow() {
        return chaos.experiment("slow kv")
                .steadyState(SteadyState.of("kv answers", () -> ask("health").equals("pong health"))
                        .every(ofMillis(20)))
                .inject(new Latency(ofMillis(10)), kv)
                .recoversWithin(ofMillis(200));
    }

    private String ask(String line) throws IOException {
        return LineServer.ask(kv.address(), line, 1_000);
    }

    private static void reads(Report report, String... lines) {
        String text = report.text()
                .replace(String.valueOf(Objects.requireNonNull(report.file())), "FILE")
                .replaceAll("\\+\\d+\\.\\ds", "+#s")
                .replaceAll("\\+\\d+ms", "+#ms")
                .replaceAll("attempt \\d+", "attempt #")
                .replaceAll("recovered in (\\d+ms|\\d+\\.\\ds)", "recovered in #");
        assertThat(text).isEqualTo(String.join("\n", lines));
    }

    @Test
    void not_recovered() {
        Report report = slow().observe(drill -> {
            ask("a");
            sick.set(true);
        });
        reads(
                report,
                "kv did not recover within 200ms after latency was healed",
                "  verdict  : NOT_RECOVERED, the system must act",
                "  expected : \"kv answers\" holds for 3 samples in a row",
                "  last seen: false (attempt #, +#s)",
                "  timeline : +#s inject 1-latency  +#s effect 1-latency  +#s heal 1-latency  +#s end",
                "  seed     : 8231 (rerun with -Dchaos.seed=8231)",
                "  report   : FILE");
    }

    @Test
    void no_effect() {
        reads(
                slow().inject(new Refuse(), kv, Schedule.now().after(ofMillis(50)))
                        .observe(drill -> ask("a")),
                "refuse on kv had no effect on the test: the body was over at +#ms, and it began only at +#ms (after 50ms); let"
                        + " the body last longer (drill.awaitActive() waits for it), or shorten after",
                "  verdict : NO_EFFECT, the test must act",
                "  also    : kv recovered in # after latency, refuse was healed",
                "  timeline: +#s inject 1-latency  +#s effect 1-latency  +#s inject 2-refuse  +#s heal 2-refuse  +#s heal"
                        + " 1-latency  +#s end",
                "  seed    : 8231 (rerun with -Dchaos.seed=8231)",
                "  report  : FILE");
    }

    @Test
    void invariant_broken() {
        reads(
                slow().invariant("no answer is lost", history -> {
                            throw new AssertionError("1 of "
                                    + history.named("ask")
                                            .acknowledged()
                                            .operations()
                                            .size() + " answers is lost:\n  pong a");
                        })
                        .invariant("no answer is twice", history -> false)
                        .observe(drill -> drill.operation("ask", () -> ask("a"))),
                "\"no answer is lost\" does not hold: 1 of 1 answers is lost:",
                "  pong a",
                "  verdict : INVARIANT_BROKEN, the system must act",
                "  also    : \"no answer is twice\" does not hold: false",
                "  also    : kv recovered in # after latency was healed",
                "  timeline: +#s inject 1-latency  +#s effect 1-latency  +#s heal 1-latency  +#s end",
                "  seed    : 8231 (rerun with -Dchaos.seed=8231)",
                "  report  : FILE");
    }

    @Test
    void body_failed() {
        reads(
                slow().observe(drill -> {
                    ask("a");
                    throw new AssertionError("the cart was empty\nand the till as well");
                }),
                "the body failed under the faults on kv: the cart was empty",
                "and the till as well",
                "  verdict : BODY_FAILED, the system must act",
                "  also    : kv recovered in # after latency was healed",
                "  timeline: +#s inject 1-latency  +#s effect 1-latency  +#s heal 1-latency  +#s end",
                "  seed    : 8231 (rerun with -Dchaos.seed=8231)",
                "  report  : FILE");
    }

    @Test
    void test_failed() {
        reads(
                slow().observe(drill -> {
                    throw new IllegalStateException("no fixture");
                }),
                "the body failed before any fault took effect on kv: no fixture",
                "  verdict : TEST_FAILED, the test must act",
                "  also    : latency on kv had no effect: nothing of the test passed over test->kv while it was in force; let"
                        + " the body use the service through the address of its link, or remove the fault",
                "  also    : kv recovered in # after latency was healed",
                "  timeline: +#s inject 1-latency  +#s heal 1-latency  +#s end",
                "  seed    : 8231 (rerun with -Dchaos.seed=8231)",
                "  report  : FILE");
    }

    @Test
    void not_steady() {
        sick.set(true);
        reads(
                slow().steadyWithin(ofMillis(100)).observe(drill -> ask("a")),
                "\"kv answers\" did not hold within 100ms before any fault was injected; last seen: false (attempt #, +#s)",
                "  verdict : NOT_STEADY, the environment must act",
                "  timeline: +#s end",
                "  seed    : 8231 (rerun with -Dchaos.seed=8231)",
                "  report  : FILE");
    }

    @Test
    void another_verdict_than_the_expected_one() {
        reads(
                slow().expect(Verdict.NOT_RECOVERED).observe(drill -> ask("a")),
                "expected NOT_RECOVERED but was RECOVERED: kv recovered in # after latency was healed",
                "  verdict : RECOVERED",
                "  timeline: +#s inject 1-latency  +#s effect 1-latency  +#s heal 1-latency  +#s end",
                "  seed    : 8231 (rerun with -Dchaos.seed=8231)",
                "  report  : FILE");
    }

    @Test
    void a_long_timeline_is_cut() {
        Report report = slow().inject(
                        new Refuse(), kv, Schedule.now().lasting(ofMillis(1)).every(ofMillis(3), 30))
                .observe(drill -> ask("a"));
        assertThat(report.text()).containsPattern("  and \\d+ more  \\+\\d+\\.\\ds end\n");
    }

    @Test
    void the_line_for_those_who_want_no_more() {
        Report good = slow().observe(drill -> ask("a"));
        assertThat(good.line()).matches("RECOVERED in \\d+ms: slow kv \\(" + good.file() + "\\)");
        Report none = chaos.experiment("no steady state")
                .inject(new Latency(ofMillis(1)), kv)
                .observe(drill -> ask("a"));
        assertThat(none.line()).isEqualTo("SURVIVED, recovery not measured: no steady state (" + none.file() + ")");
    }
}
