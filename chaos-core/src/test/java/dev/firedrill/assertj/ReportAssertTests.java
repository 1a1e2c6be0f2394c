package dev.firedrill.assertj;

import static dev.firedrill.assertj.FiredrillAssertions.assertThat;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firedrill.Chaos;
import dev.firedrill.Experiment;
import dev.firedrill.LineServer;
import dev.firedrill.Report;
import dev.firedrill.Service;
import dev.firedrill.Verdict;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Refuse;
import dev.firedrill.probe.Probes;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.report.Finding;
import dev.firedrill.schedule.Durations;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/** Assertions on reports of real experiments: what passes, and the exact text of what does not. */
class ReportAssertTests {

    @TempDir
    Path home;

    LineServer server;
    Chaos chaos;
    Service kv;

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

    private Experiment.Builder slow() {
        return chaos.experiment("slow kv").inject(new Latency(ofMillis(5)), kv);
    }

    private Report recovered() {
        return slow().steadyState(SteadyState.of("kv accepts", Probes.tcp(kv)).every(ofMillis(10)))
                .invariant("all is kept", history -> true)
                .invariant("nothing is twice", history -> false)
                .observe(drill -> LineServer.ask(kv.address(), "a"));
    }

    private static void fails(ThrowingCallable assertion, String complaint, Report report) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(assertion)
                .withMessage("\"slow kv\": " + complaint + "\n" + report.text());
    }

    @Test
    void what_is_true_passes_and_can_be_chained() {
        Report report = recovered();
        assertThat(report)
                .hasVerdict(Verdict.INVARIANT_BROKEN)
                .recovered()
                .recoveredWithin(ofSeconds(20))
                .hasFinding(Finding.Kind.RECOVERED)
                .hasFinding(Finding.Kind.INVARIANT_BROKEN, "nothing is twice")
                .hasEffectOn("kv")
                .holds("all is kept")
                .isSameAs(report);
        assertThat("beside AssertJ's own").isNotEmpty();
    }

    @Test
    void another_verdict() {
        Report report = recovered();
        fails(
                () -> assertThat(report).hasVerdict(Verdict.RECOVERED),
                "expected verdict RECOVERED but was INVARIANT_BROKEN",
                report);
        assertThatExceptionOfType(AssertionFailedError.class)
                .isThrownBy(() -> assertThat(report).hasVerdict(Verdict.RECOVERED))
                .satisfies(error -> {
                    assertThat(error.getExpected().getValue()).isEqualTo(Verdict.RECOVERED);
                    assertThat(error.getActual().getValue()).isEqualTo(Verdict.INVARIANT_BROKEN);
                });
    }

    @Test
    void a_recovery_that_took_longer() {
        Report report = recovered();
        fails(
                () -> assertThat(report).recoveredWithin(ofMillis(0)),
                "expected recovery within 0ms but it took "
                        + Durations.format(report.recovery().orElseThrow().time()),
                report);
    }

    @Test
    void no_recovery() {
        Report survived = slow().observe(drill -> LineServer.ask(kv.address(), "a"));
        fails(
                () -> assertThat(survived).recovered(),
                "expected recovery but nobody looked, for no steady state is declared",
                survived);
        Report sick = slow().steadyState("never", () -> false)
                .steadyWithin(ofMillis(50))
                .observe(drill -> {});
        fails(
                () -> assertThat(sick).recoveredWithin(ofSeconds(5)),
                "expected recovery but the verdict is NOT_STEADY",
                sick);
    }

    @Test
    void no_such_finding() {
        Report report = slow().observe(drill -> LineServer.ask(kv.address(), "a"));
        fails(
                () -> assertThat(report).hasFinding(Finding.Kind.NO_EFFECT),
                "expected a finding NO_EFFECT but there are SURVIVED \"kv survived: the body passed under the faults\"",
                report);
        fails(
                () -> assertThat(report).hasFinding(Finding.Kind.RECOVERED, "in 1 s"),
                "expected a finding RECOVERED with \"in 1 s\" but there are SURVIVED \"kv survived: the body passed under"
                        + " the faults\"",
                report);
    }

    @Test
    void no_effect() {
        Report report = slow().inject(new Refuse(), kv, Schedule.now().lasting(ofMillis(1)))
                .observe(drill -> {});
        fails(
                () -> assertThat(report).hasEffectOn("kv"),
                "expected an effect on kv but 1-latency had 0 on the test, 0 of them while an operation went on, and 0 on"
                        + " probes, 2-refuse had 0 on the test, 0 of them while an operation went on, and 0 on probes",
                report);
        fails(
                () -> assertThat(report).hasEffectOn("db"),
                "expected an effect on db but no step has this target; there are kv",
                report);
    }

    @Test
    void an_invariant_that_does_not_hold_or_was_not_checked() {
        Report report = recovered();
        fails(
                () -> assertThat(report).holds("nothing is twice"),
                "expected \"nothing is twice\" to hold but it is BROKEN: false",
                report);
        fails(
                () -> assertThat(report).holds("100% sure"),
                "expected \"100% sure\" to hold but it was not checked; checked are \"all is kept\", \"nothing is twice\"",
                report);
    }

    @Test
    void no_report_and_a_description() {
        Report none = null;
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(none).recovered())
                .withMessageContaining("Expecting actual not to be null");
        Report report = slow().observe(drill -> LineServer.ask(kv.address(), "a"));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> assertThat(report).as("nightly").recovered())
                .withMessageStartingWith("[nightly] \"slow kv\": expected recovery but nobody looked");
    }
}
