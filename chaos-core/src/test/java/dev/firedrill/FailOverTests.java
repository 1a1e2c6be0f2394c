package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.ResetPeer;
import dev.firedrill.probe.Probe;
import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.SteadyState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recovery measured from the effect, with the fault still in force, beside a body that goes on. */
class FailOverTests {

    @TempDir
    Path home;

    LineServer server;
    Chaos chaos;
    Service kv;
    AtomicLong wellAt = new AtomicLong(Long.MIN_VALUE);
    AtomicBoolean goneAgain = new AtomicBoolean();

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
        kv = chaos.service("kv", server.upstream());
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
    }

    private Experiment.Builder failOver(boolean beside) {
        Probe replica = () -> !goneAgain.get() && (wellAt.get() == Long.MIN_VALUE || System.nanoTime() >= wellAt.get());
        return chaos.experiment("fail-over")
                .steadyState(SteadyState.of("a replica answers", Probe.overOwnLink(replica))
                        .every(ofMillis(10))
                        .during(beside))
                .inject(new ResetPeer(), kv)
                .recoversWithin(ofSeconds(2), Recovery.From.EFFECT);
    }

    private void meetTheFault(Duration outage) {
        wellAt.set(Long.MAX_VALUE);
        try {
            LineServer.ask(kv.address(), "a");
        } catch (IOException e) {
            wellAt.set(System.nanoTime() + outage.toNanos()); // reset
        }
    }

    @Test
    void is_what_was_seen_beside_a_body_that_is_longer_than_the_deadline() {
        Report report = failOver(true).observe(drill -> {
            meetTheFault(ofMillis(300));
            VerdictTests.pause(2_600);
        });
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        Recovery recovery = report.recovery().orElseThrow();
        assertThat(recovery.from()).isEqualTo(Recovery.From.EFFECT);
        assertThat(recovery.time()).isBetween(ofMillis(250), ofMillis(1_900));
        assertThat(recovery.notBefore()).isLessThan(recovery.time());
    }

    @Test
    void goes_on_after_a_body_that_is_shorter() {
        Report report = failOver(true).observe(drill -> meetTheFault(ofMillis(300)));
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        assertThat(report.recovery().orElseThrow().time()).isBetween(ofMillis(250), ofMillis(1_900));
    }

    @Test
    void is_no_recovery_if_it_came_too_late_though_the_body_was_longer() {
        Report report = failOver(true).observe(drill -> {
            meetTheFault(ofMillis(2_300));
            VerdictTests.pause(2_600);
        });
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_RECOVERED);
        assertThat(report.text())
                .startsWith("kv did not recover within 2s after reset-peer took effect, the fault still in force\n");
        assertThat(report.recovery()).isEmpty();
    }

    @Test
    void is_no_recovery_if_it_was_gone_again_after_the_body() {
        Report report = failOver(true).observe(drill -> {
            meetTheFault(ofMillis(100));
            VerdictTests.pause(500);
            goneAgain.set(true);
        });
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_RECOVERED);
        assertThat(report.text())
                .startsWith("kv recovered beside the body, but was not well after it\n"
                        + "  verdict  : NOT_RECOVERED, the system must act\n"
                        + "  expected : \"a replica answers\" holds for 3 samples in a row\n"
                        + "  last seen: false (attempt ");
        assertThat(report.recovery()).isEmpty();
    }

    @Test
    void counts_from_the_effect_where_nobody_looked_beside_the_body_too() {
        Report report = failOver(false).observe(drill -> {
            meetTheFault(ofMillis(100));
            VerdictTests.pause(400);
        });
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        Recovery recovery = report.recovery().orElseThrow();
        assertThat(recovery.notBefore()).isZero();
        assertThat(recovery.time()).isBetween(ofMillis(350), ofMillis(2_000));
    }

    @Test
    void is_not_claimed_where_nobody_looked_before_the_deadline() {
        Report report = failOver(false).observe(drill -> {
            meetTheFault(ofMillis(300));
            VerdictTests.pause(2_600);
        });
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_RECOVERED);
        assertThat(report.text())
                .startsWith(
                        "kv did not recover within 2s after reset-peer took effect, the fault still in force; nobody"
                                + " looked before the body ended, 2.")
                .contains("have it sampled beside the body (during = true), end the body sooner, or allow more");
    }
}
