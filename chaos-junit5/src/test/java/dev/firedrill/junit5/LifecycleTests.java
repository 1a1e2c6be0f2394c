package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.firedrill.Drill;
import dev.firedrill.Report;
import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import dev.firedrill.history.History;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.Events;
import org.opentest4j.AssertionFailedError;

/** When an experiment begins and ends around a test. */
class LifecycleTests {

    private static final Echo ECHO = new Echo();

    @Firedrill
    static class Example {

        @ChaosService
        static final Upstream echo = ECHO.upstream();

        static final List<Verdict> VERDICTS = new ArrayList<>();

        InetSocketAddress address;

        @BeforeEach
        void connect(@ServiceUri("echo") InetSocketAddress at) {
            address = at;
        }

        @SteadyState(every = "10ms")
        boolean echo_answers() throws IOException {
            return Echo.ask(address);
        }

        @Invariant
        boolean all_asks_are_known(History history) {
            return history.named("ask").operations().size() <= 1;
        }

        @Test
        @Latency(target = "echo", delay = "80ms")
        @RecoversWithin("5s")
        void a_slow_echo_is_survived() throws IOException {
            long begun = System.nanoTime();
            assertThat(Echo.ask(address)).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(75));
        }

        @Test
        @ResetPeer(target = "echo", after = "50ms", lasting = "100ms")
        void a_later_fault_is_waited_for(Drill drill) throws Exception {
            drill.awaitActive();
            assertThat(drill.isActive()).isTrue();
            drill.operation("ask", () -> {
                try {
                    return Echo.ask(address);
                } catch (IOException expected) {
                    return false;
                }
            });
        }

        @Test
        void a_test_without_a_fault_is_left_alone(@ServiceUri URI uri) throws IOException {
            assertThat(uri.getPort()).isEqualTo(address.getPort());
            assertThat(Echo.ask(address)).isTrue();
        }

        @AfterEach
        void note(Optional<Report> report) {
            report.ifPresent(each -> VERDICTS.add(each.verdict()));
        }
    }

    @Test
    void an_annotated_test_is_an_experiment() {
        Example.VERDICTS.clear();
        Events tests = Kit.of(Example.class).tests();

        tests.assertStatistics(stats -> stats.started(3).succeeded(3));
        assertThat(Example.VERDICTS).containsExactly(Verdict.RECOVERED, Verdict.RECOVERED);
        assertThat(Kit.entries(tests, "chaos.verdict")).containsExactly("RECOVERED", "RECOVERED");
        assertThat(Kit.entries(tests, "chaos.seed")).containsOnly("7");
        assertThat(Kit.entries(tests, "chaos.report"))
                .anyMatch(path -> path.contains("LifecycleTests_Example.a_slow_echo_is_survived"));
    }

    @Firedrill
    static class TimeOuts {

        @ChaosService
        static final Upstream echo = ECHO.upstream();

        static final List<String> ORDER = new ArrayList<>();

        @ServiceUri("echo")
        InetSocketAddress address;

        @SteadyState(every = "10ms")
        boolean echo_answers() throws IOException {
            return Echo.ask(address);
        }

        @Test
        @Timeout(value = 300, unit = TimeUnit.MILLISECONDS)
        @Blackhole(target = "echo")
        void in_the_same_thread() throws Exception {
            hang();
        }

        @Test
        @Timeout(value = 300, unit = TimeUnit.MILLISECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        @Blackhole(target = "echo")
        void in_a_separate_thread() throws Exception {
            hang();
        }

        @Test
        @Timeout(value = 1, unit = TimeUnit.SECONDS)
        @Latency(target = "echo", delay = "5ms", after = "1500ms", lasting = "200ms")
        @ExpectVerdict(Verdict.NO_EFFECT)
        void the_rest_of_the_schedule_is_not_part_of_the_time() throws IOException {
            Echo.ask(address);
        }

        private void hang() throws Exception {
            try {
                Echo.ask(address, 50);
            } catch (IOException expected) {
                new CountDownLatch(1).await();
            }
        }

        @AfterEach
        void healed_by_now(Report report) throws IOException {
            assertThat(Echo.ask(address)).isTrue();
            ORDER.add(report.verdict() + " " + report.recovery().isPresent());
        }
    }

    @Test
    void a_time_out_ends_the_body_and_never_the_healing() {
        TimeOuts.ORDER.clear();
        EngineExecutionResults results = assertTimeoutPreemptively(
                Duration.ofSeconds(30), () -> Kit.of(TimeOuts.class).run());
        assertThat(Kit.failures(results))
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOf(AssertionFailedError.class)
                        .hasMessageContaining("timed out after 300 milliseconds"));
        assertThat(TimeOuts.ORDER).containsExactlyInAnyOrder("BODY_FAILED true", "BODY_FAILED true", "NO_EFFECT true");
    }
}
