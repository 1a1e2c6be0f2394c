package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.Latency;
import dev.firedrill.probe.Sample;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a body may do to its experiment. */
class BodyTests {

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
        return chaos.experiment("slow").inject(new Latency(ofMillis(5)), kv);
    }

    private static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("nobody knows");
        }
    }

    @Test
    void a_failure_whose_message_can_t_be_read_is_judged_and_healed_like_any_other() {
        Report report = slow().observe(drill -> {
            LineServer.ask(kv.address(), "a");
            throw new Unreadable();
        });

        assertThat(report.verdict()).isEqualTo(Verdict.BODY_FAILED);
        assertThat(report.text())
                .startsWith("the body failed under the faults on kv: Unreadable, whose message can't be read:"
                        + " IllegalStateException\n");
        assertThat(slow().observe(drill -> LineServer.ask(kv.address(), "a")).verdict())
                .as("the service is free again")
                .isEqualTo(Verdict.SURVIVED);
    }

    @Test
    void a_rehearsal_that_is_closed_before_it_is_finished_is_healed_and_aborted() {
        Rehearsal left;
        try (Rehearsal rehearsal = slow().build().begin()) {
            assertThat(rehearsal.drill().isActive()).isTrue();
            left = rehearsal;
        }
        assertThat(left.drill().isActive()).isFalse();
        Report report = left.finish(null);
        assertThat(report.verdict()).isEqualTo(Verdict.ABORTED);
        assertThat(report.findings().get(0).text()).isEqualTo("closed before the body was finished");
    }

    @ParameterizedTest
    @ValueSource(strings = {"operation", "body", "trigger", "end"})
    void what_the_drill_refuses_is_the_tests_failure_and_not_the_systems(String what) {
        Report report = slow().observe(drill -> {
            LineServer.ask(kv.address(), "a");
            switch (what) {
                case "operation" -> drill.operation(" ", () -> "x");
                case "body" -> drill.operation("body", () -> "x");
                case "trigger" -> drill.trigger("unknown");
                default -> drill.awaitHealed();
            }
        });

        assertThat(report.verdict()).isEqualTo(Verdict.TEST_FAILED);
        assertThat(report.text()).startsWith("the body asked its drill for what can't be: ");
    }

    @Test
    void each_steady_state_is_looked_at_as_often_as_it_says() {
        Report report = slow().steadyState(
                        SteadyState.of("often", () -> true).every(ofMillis(10)).during(true))
                .steadyState(SteadyState.of("seldom", () -> true)
                        .every(ofMillis(400))
                        .hold(2)
                        .during(true))
                .inject(new Latency(ofMillis(5)), kv, Schedule.now())
                .recoversWithin(ofSeconds(5))
                .observe(drill -> {
                    LineServer.ask(kv.address(), "a");
                    VerdictTests.pause(1_000);
                });

        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        for (Sample.Phase phase : Sample.Phase.values()) {
            Duration last = null;
            for (Sample sample : report.samples()) {
                if (sample.phase() == phase && sample.probe().equals("seldom")) {
                    assertThat(last == null ? ofSeconds(1) : sample.begin().minus(last))
                            .isGreaterThanOrEqualTo(ofMillis(399));
                    last = sample.end();
                }
            }
            assertThat(last).as("seldom, " + phase).isNotNull();
        }
        assertThat(report.samples().stream()
                        .filter(sample -> sample.phase() == Sample.Phase.DURING
                                && sample.probe().equals("often"))
                        .count())
                .isGreaterThan(10);
    }
}
