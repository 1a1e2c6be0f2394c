package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.history.Operation;
import dev.firedrill.probe.Probe;
import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.report.Finding;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** Each verdict on link faults, reached by a real experiment. */
class VerdictTests {

    @TempDir
    Path home;

    LineServer server;
    Chaos chaos;
    Service kv;
    InetSocketAddress address;

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
        chaos = Chaos.builder()
                .seed(7)
                .home(home.resolve("home"))
                .reports(home.resolve("reports"))
                .start();
        kv = chaos.service("kv", server.upstream());
        address = kv.address();
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
    }

    private SteadyState answers() {
        return SteadyState.of(
                        "kv answers",
                        () -> LineServer.ask(address, "health", 500).equals("pong health"))
                .every(ofMillis(20));
    }

    private Experiment.Builder slow() {
        return chaos.experiment("slow kv").steadyState(answers()).inject(new Latency(ofMillis(30)), kv);
    }

    @Test
    void recovered_when_the_fault_took_effect_and_the_steady_state_is_back() {
        Report report = slow().run(drill -> LineServer.ask(address, "a"));

        assertThat(report.verdict()).isEqualTo(Verdict.RECOVERED);
        assertThat(report.steps().get(0).overlapped()).isPositive();
        assertThat(report.recovery().orElseThrow().time()).isLessThan(ofSeconds(1));
        assertThat(report.file()).exists().content().contains("\"verdict\" : \"RECOVERED\"", "\"seed\" : 7");
    }

    @Test
    void survived_where_no_steady_state_is_declared() {
        Report report = chaos.experiment("slow")
                .inject(new Latency(ofMillis(10)), kv)
                .run(drill -> LineServer.ask(address, "a"));

        assertThat(report.verdict()).isEqualTo(Verdict.SURVIVED);
        assertThat(report.recovery()).isEmpty();
        assertThat(report.outcome().errors()).as("not measured, never zero").isNull();
    }

    @Test
    void no_effect_when_the_body_is_empty() {
        Report report = slow().observe(drill -> {});

        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.findings().get(0).text())
                .startsWith(
                        "latency on kv had no effect: nothing of the test passed over test->kv while it was in force");
    }

    @Test
    void no_effect_when_the_body_is_over_before_the_fault() {
        Report report = chaos.experiment("late")
                .inject(new Refuse(), kv, Schedule.now().after(ofMillis(300)).lasting(ofMillis(50)))
                .observe(drill -> LineServer.ask(address, "a"));

        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.took()).isGreaterThan(ofMillis(350));
    }

    @Test
    void no_effect_when_only_probes_touch_the_service() {
        InetSocketAddress probes = kv.link(Link.PROBE, kv.onlyPort()).address();
        Report report = chaos.experiment("probes only")
                .steadyState(SteadyState.of("kv answers", Probe.of(() -> LineServer.ask(probes, "health")))
                        .every(ofMillis(20))
                        .during(true))
                .inject(new Latency(ofMillis(10)), kv)
                .observe(drill -> drill.operation("think", () -> pause(200)));

        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.steps().get(0).probeEffects()).isPositive();
        assertThat(report.findings().get(0).text()).contains("only probes met it");
    }

    @Test
    void no_effect_when_only_probes_beside_the_body_use_the_tests_link() {
        Report report = chaos.experiment("probes only")
                .steadyState(answers().during(true))
                .inject(new Latency(ofMillis(10)), kv)
                .observe(drill -> pause(200));

        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.findings().get(0).text()).contains("can't be told from the test");
    }

    @Test
    void no_effect_when_the_target_selects_nothing() throws IOException {
        chaos.service("orders", server.upstream());
        Report report = chaos.experiment("nothing")
                .inject(new Latency(ofMillis(10)), Target.parse("orders->kv"), Schedule.now())
                .observe(drill -> LineServer.ask(address, "a"));

        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.findings().get(0).text()).contains("its target selected nothing");
    }

    @Test
    void body_failed_under_the_fault() {
        Report report = slow().observe(drill -> {
            LineServer.ask(address, "a");
            throw new AssertionError("too slow");
        });

        assertThat(report.verdict()).isEqualTo(Verdict.BODY_FAILED);
        assertThat(report.cause()).hasMessage("too slow");
        assertThatThrownBy(report::throwUnlessExpected)
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("the body failed under the faults on kv: too slow")
                .hasMessageContaining("  seed    : 7 (repeat with Chaos.builder().seed(7))")
                .hasCause(report.cause());
    }

    @Test
    void test_failed_when_the_body_fails_before_any_effect() {
        Report report = slow().observe(drill -> {
            throw new IllegalStateException("bug in the test");
        });

        assertThat(report.verdict()).isEqualTo(Verdict.TEST_FAILED);
        assertThat(report.findings()).extracting(Finding::kind).contains(Finding.Kind.NO_EFFECT);
    }

    @Test
    void aborted_by_an_assumption_and_healed() throws IOException {
        Report report = slow().observe(drill -> {
            throw new TestAbortedException("not on this machine");
        });

        assertThat(report.verdict()).isEqualTo(Verdict.ABORTED);
        assertThatThrownBy(report::throwUnlessExpected).isInstanceOf(TestAbortedException.class);
        assertThat(LineServer.ask(address, "a")).isEqualTo("pong a");
    }

    @Test
    void aborted_when_the_thread_is_interrupted_while_judging_and_healed() throws Exception {
        AtomicBoolean sick = new AtomicBoolean();
        Thread test = Thread.currentThread();
        Report report = chaos.experiment("interrupted")
                .steadyState(SteadyState.of("well", () -> {
                    if (sick.get()) {
                        test.interrupt();
                    }
                    return !sick.get();
                }))
                .inject(new Latency(ofMillis(10)), kv)
                .observe(drill -> {
                    LineServer.ask(address, "a");
                    sick.set(true);
                });

        assertThat(Thread.interrupted()).as("status is kept").isTrue();
        assertThat(report.verdict()).isEqualTo(Verdict.ABORTED);
        assertThat(report.events()).anyMatch(event -> event.text().equals("healed latency"));
    }

    @Test
    void not_steady_before_the_fault() {
        AtomicBoolean ran = new AtomicBoolean();
        server.answer(line -> "sick");
        Report report = slow().steadyWithin(ofMillis(200)).observe(drill -> ran.set(true));

        assertThat(report.verdict()).isEqualTo(Verdict.NOT_STEADY);
        assertThat(ran).isFalse();
        assertThat(report.findings().get(0).text())
                .startsWith("\"kv answers\" did not hold within 200ms before any fault was injected; last seen: false");
    }

    @Test
    void not_recovered_when_the_steady_state_stays_away() {
        AtomicBoolean broken = new AtomicBoolean();
        server.answer(line -> broken.get() ? "sick" : "pong " + line);
        Report report = slow().recoversWithin(ofMillis(300)).observe(drill -> {
            LineServer.ask(address, "a");
            broken.set(true);
        });

        assertThat(report.verdict()).isEqualTo(Verdict.NOT_RECOVERED);
        assertThat(report.text())
                .startsWith("kv did not recover within 300ms after latency was healed\n"
                        + "  verdict  : NOT_RECOVERED, the system must act\n"
                        + "  expected : \"kv answers\" holds for 3 samples in a row\n"
                        + "  last seen: false (attempt ");
    }

    @Test
    void expected_verdict_passes_and_any_other_fails() {
        AtomicBoolean broken = new AtomicBoolean();
        server.answer(line -> broken.get() ? "sick" : "pong " + line);
        Report report = slow().recoversWithin(ofMillis(200))
                .expect(Verdict.NOT_RECOVERED)
                .run(drill -> {
                    LineServer.ask(address, "a");
                    broken.set(true);
                });
        assertThat(report.isExpected()).isTrue();

        broken.set(false);
        assertThatThrownBy(() -> slow().expect(Verdict.NOT_RECOVERED).run(drill -> LineServer.ask(address, "a")))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageStartingWith("expected NOT_RECOVERED but was RECOVERED: kv recovered in ");
    }

    @Test
    void invariant_broken_is_worse_than_not_recovered() {
        Report report = slow().invariant("all answers are kept", history -> {
                    assertThat(history.named("ask").acknowledged().operations()).hasSize(2);
                    return true;
                })
                .observe(drill -> drill.operation("ask", () -> LineServer.ask(address, "a")));

        assertThat(report.verdict()).isEqualTo(Verdict.INVARIANT_BROKEN);
        assertThat(report.text()).contains("\"all answers are kept\" does not hold: ");
    }

    @Test
    void an_invariant_that_can_not_be_read_is_no_green() {
        AtomicInteger tries = new AtomicInteger();
        Report report = slow().invariant("readable", history -> {
                    tries.incrementAndGet();
                    throw new IOException("connection refused");
                })
                .observe(drill -> LineServer.ask(address, "a"));

        assertThat(report.verdict()).isEqualTo(Verdict.NOT_RECOVERED);
        assertThat(tries.get()).as("tried again for a while").isGreaterThan(1);
        assertThat(report.findings().get(0).kind()).isEqualTo(Finding.Kind.INVARIANT_UNREADABLE);
    }

    @Test
    void operations_are_recorded_and_impact_is_measured() {
        Report report = chaos.experiment("hang").inject(new Blackhole(), kv).observe(drill -> {
            assertThatThrownBy(() -> drill.operation("ask", "in", () -> LineServer.ask(address, "a", 100)))
                    .isInstanceOf(IOException.class);
        });

        assertThat(report.verdict()).isEqualTo(Verdict.SURVIVED);
        Operation ask = report.history().named("ask").operations().get(0);
        assertThat(ask.outcome()).isEqualTo(Operation.Outcome.UNKNOWN);
        assertThat(ask.input()).isEqualTo("in");
        assertThat(report.outcome().errors()).isEqualTo(1);
        assertThat(report.outcome().worstLatency()).isGreaterThanOrEqualTo(ofMillis(95));
        assertThat(report.outcome().timeToImpact()).isNotNull();
    }

    @Test
    void fail_over_is_measured_with_the_fault_still_in_force() {
        Report report = chaos.experiment("fail-over")
                .steadyState(SteadyState.of("the other answers", () -> true).every(ofMillis(10)))
                .inject(new ResetPeer(), kv)
                .recoversWithin(ofSeconds(2), Recovery.From.EFFECT)
                .run(drill ->
                        assertThatThrownBy(() -> LineServer.ask(address, "a")).isInstanceOf(IOException.class));

        assertThat(report.verdict()).isEqualTo(Verdict.RECOVERED);
        assertThat(report.recovery().orElseThrow().from()).isEqualTo(Recovery.From.EFFECT);
        long heal = indexOf(report, "healed reset-peer");
        assertThat(heal).isGreaterThan(indexOf(report, "judge"));
    }

    private static long indexOf(Report report, String text) {
        return report.events().stream().map(event -> event.text()).toList().indexOf(text);
    }

    @Test
    void a_probe_that_fails_now_and_then_is_no_false_red() {
        for (int round = 0; round < 5; round++) {
            AtomicInteger looks = new AtomicInteger(round * 4);
            Report report = chaos.experiment("flaky probe " + round)
                    .steadyState(SteadyState.of("nearly always", () -> looks.incrementAndGet() % 20 != 0)
                            .every(ofMillis(5)))
                    .inject(new Latency(ofMillis(5)), kv)
                    .recoversWithin(ofSeconds(2))
                    .run(drill -> LineServer.ask(address, "a"));
            assertThat(report.verdict()).isEqualTo(Verdict.RECOVERED);
        }
    }

    @Test
    void a_probability_of_one_half_hits_something_within_five_messages_whatever_the_seed() throws IOException {
        for (long seed = 0; seed < 40; seed++) {
            try (Chaos seeded = Chaos.builder()
                    .seed(seed)
                    .home(home.resolve("h"))
                    .reports(null)
                    .start()) {
                Service service = seeded.service("kv", server.upstream());
                Fault fault = new Latency(ofMillis(1));
                Report report = seeded.experiment("few")
                        .inject(fault, service, Schedule.now().probability(0.5))
                        .run(drill -> {
                            try (LineServer.Client client = new LineServer.Client(service.address(), 1_000)) {
                                for (int i = 0; i < 5; i++) {
                                    client.ask("m" + i);
                                }
                            }
                        });
                assertThat(report.verdict()).isEqualTo(Verdict.SURVIVED);
            }
        }
    }

    @Test
    void too_little_traffic_for_a_probability_is_said() {
        Report report = null;
        for (long seed = 0; report == null || report.verdict() != Verdict.NO_EFFECT; seed++) {
            assertThat(seed).isLessThan(50);
            try (Chaos seeded = Chaos.builder()
                    .seed(seed)
                    .home(home.resolve("h"))
                    .reports(null)
                    .start()) {
                Service service = seeded.service("kv", server.upstream());
                report = seeded.experiment("too few")
                        .inject(
                                new Latency(ofMillis(1)),
                                service,
                                Schedule.now().probability(0.1))
                        .observe(drill -> LineServer.ask(service.address(), "a"));
            }
        }
        assertThat(report.findings().get(0).text())
                .contains(
                        "none of its 1 candidates was hit, of which 21 would have been enough to be sure: too little traffic");
    }

    /** As code that does not heed interruptions. */
    static void pauseWhateverComes(long millis) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (until - System.nanoTime() > 0) {
            Thread.onSpinWait();
        }
    }

    static @Nullable Object pause(long millis) throws InterruptedException {
        new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        return null;
    }
}
