package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Restart;
import dev.firedrill.probe.Probe;
import dev.firedrill.probe.Probes;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Experiments on systems that are well are not red, each a real one. */
class FalseRedTests {

    @TempDir
    Path home;

    LineServer server;
    Chaos chaos;

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
        chaos = open(7);
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
    }

    private Chaos open(long seed) {
        return Chaos.builder().seed(seed).home(home).reports(null).start();
    }

    @Test
    void a_probe_that_fails_one_time_in_twenty_wherever_that_falls() {
        Service kv = chaos.service("kv", server.upstream());
        for (int failing = 0; failing < 20; failing++) {
            AtomicInteger looks = new AtomicInteger(20 - failing);
            Probe probe = () -> looks.getAndIncrement() % 20 != 0;
            Report report = chaos.experiment("fails at look " + failing)
                    .steadyState(SteadyState.of("nearly always", Probe.overOwnLink(probe))
                            .every(ofMillis(2))
                            .during(failing % 2 == 0))
                    .inject(new Latency(ofMillis(1)), kv)
                    .recoversWithin(ofSeconds(2))
                    .observe(drill -> LineServer.ask(kv.address(), "a"));
            assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        }
    }

    /** Regression: the first look beside the body began with it, so that a short body could not be told from the probe. */
    @Test
    void a_short_body_beside_a_probe_on_its_own_link() {
        Service kv = chaos.service("kv", server.upstream());
        for (int round = 0; round < 10; round++) {
            Report report = chaos.experiment("short " + round)
                    .steadyState(SteadyState.of(
                                    "answers",
                                    () -> LineServer.ask(kv.address(), "health").equals("pong health"))
                            .every(ofSeconds(20))
                            .hold(1)
                            .during(true))
                    .inject(new Latency(ofMillis(1)), kv)
                    .observe(drill -> LineServer.ask(kv.address(), "a"));
            assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        }
    }

    /** Regression: as long as such a look hung, every connection of the later tests counted as its own. */
    @Test
    void a_test_after_one_whose_look_hangs_for_good() {
        Service kv = chaos.service("kv", server.upstream());
        AtomicBoolean hangs = new AtomicBoolean();
        CountDownLatch end = new CountDownLatch(1);
        SteadyState stubborn = SteadyState.of("answers", () -> {
                    while (hangs.get() && end.getCount() > 0) {
                        LockSupport.parkNanos(1_000_000); // deaf to interruption
                    }
                    return true;
                })
                .every(ofMillis(10))
                .timeout(ofMillis(50));
        Report first = chaos.experiment("hangs")
                .steadyState(stubborn)
                .inject(new Latency(ofMillis(1)), kv)
                .recoversWithin(ofMillis(200))
                .observe(drill -> {
                    LineServer.ask(kv.address(), "a");
                    hangs.set(true);
                });
        assertThat(first.verdict()).as(first.text()).isEqualTo(Verdict.NOT_RECOVERED);

        Report second = chaos.experiment("next")
                .inject(new Latency(ofMillis(1)), kv)
                .observe(drill -> LineServer.ask(kv.address(), "a"));
        end.countDown();
        assertThat(second.verdict()).as(second.text()).isEqualTo(Verdict.SURVIVED);
    }

    @Test
    void a_slow_body_after_an_early_restart() {
        Service kv = chaos.service("kv", LineProcess.spec());
        Report report = chaos.experiment("slow body")
                .steadyState(SteadyState.of("kv accepts", Probes.tcp(kv)).every(ofMillis(20)))
                .inject(new Restart(), kv, Schedule.now().after(ofMillis(20)))
                .recoversWithin(ofMillis(1_000))
                .observe(drill -> {
                    try (LineServer.Client open = new LineServer.Client(kv.address(), 5_000)) {
                        open.ask("first");
                        drill.awaitActive();
                        VerdictTests.pause(2_000);
                        assertThatThrownBy(() -> open.ask("into the void")).isInstanceOf(IOException.class);
                    }
                    LineServer.ask(kv.address(), "at last");
                });
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        assertThat(report.recovery().orElseThrow().time())
                .as("counted from the end of the body, when all was well long since")
                .isLessThan(ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_probability_of_one_half_with_few_messages_beside_a_busy_probe_or_without(boolean probe) {
        few(new Latency(ofMillis(1)), probe, kv -> {
            try (LineServer.Client client = new LineServer.Client(kv.address(), 2_000)) {
                for (int i = 0; i < 5; i++) {
                    client.ask("m" + i);
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_probability_of_one_half_with_few_connections_beside_a_busy_probe_or_without(boolean probe) {
        Use five = kv -> {
            for (int i = 0; i < 5; i++) {
                try {
                    LineServer.ask(kv.address(), "m" + i);
                } catch (IOException e) {
                    // this one was hit
                }
            }
        };
        few(new ResetPeer(), probe, five);
        few(new Refuse(), probe, five);
    }

    private interface Use {
        void of(Service kv) throws IOException;
    }

    private void few(Fault fault, boolean probe, Use use) {
        for (long seed = 0; seed < 40; seed++) {
            try (Chaos seeded = open(seed)) {
                Service kv = seeded.service("kv", server.upstream());
                Experiment.Builder plan = seeded.experiment("few")
                        .inject(fault, kv, Schedule.now().probability(0.5));
                if (probe) {
                    plan.steadyState(SteadyState.of("kv accepts", Probes.tcp(kv))
                            .every(ofMillis(1))
                            .hold(1)
                            .during(true));
                }
                Report report = plan.observe(drill -> {
                    if (probe) {
                        VerdictTests.pause(10);
                    }
                    use.of(kv);
                });
                assertThat(report.verdict().isGood())
                        .as(seed + ": " + report.text())
                        .isTrue();
            }
        }
    }

    @Test
    void the_nth_message_is_the_tests_nth_beside_a_busy_probe() {
        Service kv = chaos.service("kv", server.upstream());
        Report report = chaos.experiment("third")
                .steadyState(SteadyState.of("kv accepts", Probes.tcp(kv))
                        .every(ofMillis(1))
                        .during(true))
                .inject(new Refuse(), kv, Schedule.now().nth(3))
                .observe(drill -> {
                    VerdictTests.pause(50);
                    for (int i = 1; i <= 5; i++) {
                        boolean answered = answers(kv);
                        assertThat(answered).as("connection " + i).isEqualTo(i != 3);
                    }
                });
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        assertThat(report.steps().get(0).effects()).isEqualTo(1);
    }

    private static boolean answers(Service kv) {
        try {
            return LineServer.ask(kv.address(), "a").equals("pong a");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void a_probability_of_one_half_with_few_occurrences() {
        for (long seed = 0; seed < 4; seed++) {
            try (Chaos seeded = open(seed)) {
                Service kv = seeded.service("kv", LineProcess.spec());
                Schedule five = Schedule.now().lasting(ofMillis(60)).every(ofMillis(120), 5);
                Report report = seeded.experiment("few")
                        .inject(new Pause(), kv, five.probability(0.5))
                        .observe(drill -> {
                            long end = System.nanoTime() + ofMillis(620).toNanos();
                            while (System.nanoTime() - end < 0) {
                                LineServer.ask(kv.address(), "a");
                                VerdictTests.pause(2);
                            }
                        });
                assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.SURVIVED);
                assertThat(report.steps().get(0).occurrences()).isBetween(1, 5);
            }
        }
    }

    @Test
    void a_body_that_waits_until_an_occurrence_that_is_drawn_late_is_in_force() {
        Service kv = chaos.service("kv", LineProcess.spec());
        Schedule third =
                Schedule.now().lasting(ofMillis(300)).every(ofMillis(400), 3).nth(3);
        Report report = chaos.experiment("third").inject(new Kill(), kv, third).observe(drill -> {
            drill.awaitActive();
            assertThat(drill.isActive()).isTrue();
            assertThat(answers(kv)).isFalse();
        });
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.SURVIVED);
        assertThat(report.steps().get(0).occurrences()).isEqualTo(1);
    }
}
