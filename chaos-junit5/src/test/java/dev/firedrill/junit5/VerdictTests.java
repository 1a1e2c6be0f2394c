package dev.firedrill.junit5;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.Drill;
import dev.firedrill.LocalProcess;
import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import dev.firedrill.history.History;
import dev.firedrill.probe.Recovery;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.Events;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** How the verdict of an experiment reaches JUnit. */
class VerdictTests {

    private static final Echo ECHO = new Echo();

    @BeforeEach
    void well() {
        ECHO.sick(false);
    }

    @Firedrill
    static class Verdicts {

        @ChaosService
        static final Upstream echo = ECHO.upstream();

        @ServiceUri("echo")
        InetSocketAddress address;

        @SteadyState(every = "10ms", within = "1s")
        boolean echo_answers() throws IOException {
            return Echo.ask(address);
        }

        @Test
        @Latency(target = "echo", delay = "10ms")
        void no_effect() {}

        @Test
        @Latency(target = "echo", delay = "10ms")
        void body_failed() throws IOException {
            Echo.ask(address);
            throw new IllegalStateException("too slow for me");
        }

        @Test
        @Latency(target = "echo", delay = "10ms")
        void an_error_in_the_body() throws IOException {
            Echo.ask(address);
            throw new LinkageError("class is gone");
        }

        @Test
        @Latency(target = "echo", delay = "10ms")
        void test_failed() {
            throw new IllegalStateException("bug in the test");
        }

        @Test
        @Latency(target = "echo", delay = "10ms")
        @RecoversWithin("100ms")
        void not_recovered() throws IOException {
            Echo.ask(address);
            ECHO.sick(true);
        }

        @Test
        @Latency(target = "echo", delay = "10ms")
        void aborted() throws IOException {
            Echo.ask(address);
            Assumptions.assumeTrue(false, "not today");
        }

        @Test
        @Latency(target = "echo", delay = "10ms")
        @RecoversWithin("100ms")
        @ExpectVerdict(Verdict.NOT_RECOVERED)
        void expected_not_recovered() throws IOException {
            Echo.ask(address);
            ECHO.sick(true);
        }

        @Test
        @Latency(target = "echo", delay = "10ms")
        @ExpectVerdict(Verdict.NOT_RECOVERED)
        void expected_not_recovered_but_recovers() throws IOException {
            Echo.ask(address);
        }

        @Test
        @Latency(target = "echo", delay = "10ms")
        @ExpectVerdict(Verdict.BODY_FAILED)
        void expected_body_failed() throws IOException {
            Echo.ask(address);
            throw new IllegalStateException("too slow for me");
        }

        @Test
        @ResetPeer(target = "echo")
        @RecoversWithin(value = "200ms", from = Recovery.From.EFFECT)
        void never_fails_over() throws IOException {
            try {
                Echo.ask(address);
            } catch (IOException expected) {
                return;
            }
            throw new AssertionError("not reset");
        }
    }

    private static Throwable failure(String method) {
        return Kit.of(Verdicts.class, method).failure();
    }

    @Test
    void no_effect_fails_the_test() {
        assertThat(failure("no_effect"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageStartingWith(
                        "latency on echo had no effect: nothing of the test passed over test->echo while it"
                                + " was in force; let the body use the service through the address of its link, or remove the"
                                + " fault\n  verdict")
                .hasMessageContaining("  seed    : 7 (rerun with -Dchaos.seed=7)");
    }

    @Test
    void a_failed_body_is_the_cause_of_the_verdict() {
        assertThat(failure("body_failed"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageStartingWith("the body failed under the faults on echo: too slow for me\n")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(failure("an_error_in_the_body"))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("class is gone")
                .hasCauseInstanceOf(LinkageError.class);
        assertThat(failure("test_failed"))
                .hasMessageStartingWith("the body failed before any fault took effect on echo: bug in the test\n");
    }

    @Test
    void a_system_that_does_not_come_back_fails_the_test() {
        assertThat(failure("not_recovered"))
                .hasMessageStartingWith("echo did not recover within 100ms after latency was healed\n"
                        + "  verdict  : NOT_RECOVERED, the system must act\n"
                        + "  expected : \"echo answers\" holds for 3 samples in a row\n"
                        + "  last seen: false (attempt ");
        ECHO.sick(false);
        assertThat(failure("never_fails_over"))
                .hasMessageStartingWith(
                        "echo did not recover within 200ms after reset-peer took effect, the fault still in force\n");
    }

    @Test
    void an_assumption_aborts_the_test_and_does_not_fail_it() {
        assertThat(failure("aborted")).isInstanceOf(TestAbortedException.class).hasMessageContaining("not today");
    }

    @Test
    void not_steady_does_not_run_the_body() throws IOException {
        ECHO.sick(true);
        assertThat(failure("body_failed"))
                .hasMessageStartingWith(
                        "\"echo answers\" did not hold within 1s before any fault was injected; last seen: false")
                .hasNoCause();
    }

    @Test
    void only_the_expected_verdict_passes() {
        Kit.of(Verdicts.class, "expected_not_recovered").tests().assertStatistics(stats -> stats.succeeded(1));
        ECHO.sick(false);
        Kit.of(Verdicts.class, "expected_body_failed").tests().assertStatistics(stats -> stats.succeeded(1));
        assertThat(failure("expected_not_recovered_but_recovers"))
                .hasMessageStartingWith("expected NOT_RECOVERED but was RECOVERED: echo recovered in ");
    }

    @Firedrill
    static class ExpectsNotSteady {

        @ChaosService
        static final Upstream echo = ECHO.upstream();

        @SteadyState(every = "10ms", within = "100ms")
        boolean never() {
            return false;
        }

        @Test
        @Latency(target = "echo", delay = "10ms")
        @ExpectVerdict(Verdict.NOT_STEADY)
        void the_body_is_skipped() {
            throw new AssertionError("it ran");
        }

        @ParameterizedTest
        @ValueSource(ints = 1)
        @Latency(target = "echo", delay = "10ms")
        @ExpectVerdict(Verdict.NOT_STEADY)
        void the_body_of_a_template_is_skipped(int unused) {
            throw new AssertionError("it ran");
        }

        @TestFactory
        @Latency(target = "echo", delay = "10ms")
        @ExpectVerdict(Verdict.NOT_STEADY)
        Stream<DynamicTest> dynamic_tests_are_skipped() {
            throw new AssertionError("it ran");
        }
    }

    @Test
    void an_expected_not_steady_skips_every_kind_of_body() {
        EngineExecutionResults results = Kit.of(ExpectsNotSteady.class).run();
        results.allEvents().assertStatistics(stats -> stats.failed(0));
        assertThat(Kit.entries(results.allEvents(), "chaos.verdict")).hasSize(3).containsOnly("NOT_STEADY");
    }

    @Firedrill
    static class HardVerdicts {

        static final Path PROGRAM = Path.of("target", "kit-sleeper").toAbsolutePath();

        @ChaosService
        static final Upstream echo = ECHO.upstream();

        @ChaosService
        static final LocalProcess sleeper = LocalProcess.of(PROGRAM.toString(), "60")
                .setup(directory -> Files.copy(
                        Path.of("/bin/sleep"), PROGRAM, REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES));

        @ServiceUri("echo")
        InetSocketAddress address;

        @Invariant
        boolean every_ask_is_answered(History history) {
            return history.named("ask").acknowledged().equals(history.named("ask"));
        }

        @Test
        @ResetPeer(target = "echo")
        @ExpectVerdict(Verdict.INVARIANT_BROKEN)
        void invariant_broken(Drill drill) {
            assertThatThrownBy(() -> drill.operation("ask", () -> Echo.ask(address)))
                    .isInstanceOf(IOException.class);
        }

        @Test
        @Kill(target = "sleeper")
        @Kill(target = "sleeper", after = "1ms")
        @ExpectVerdict(Verdict.INJECT_FAILED)
        void inject_failed(Drill drill) {
            assertThatThrownBy(drill::awaitActive).isInstanceOf(IllegalStateException.class);
        }

        @Test
        @Kill(target = "sleeper")
        @ExpectVerdict(Verdict.HEAL_FAILED)
        void heal_failed() throws IOException {
            Files.delete(PROGRAM);
        }
    }

    @Test
    void broken_invariants_and_faults_that_can_not_be_made_or_healed() {
        for (String method : List.of("invariant_broken", "inject_failed", "heal_failed")) {
            var results = Kit.of(HardVerdicts.class, method).run();
            assertThat(Kit.failures(results)).as(method).isEmpty();
            assertThat(Kit.entries(results.testEvents(), "chaos.verdict")).hasSize(1);
        }
    }

    @Firedrill
    static class Beside {

        @ChaosService
        static final Upstream echo = ECHO.upstream();

        @ServiceUri("echo")
        InetSocketAddress address;

        @ServiceUri(value = "echo", probe = true)
        InetSocketAddress ofProbe;

        @SteadyState(every = "1ms", during = true)
        boolean echo_answers() throws IOException {
            return Echo.ask(ofProbe);
        }

        @RepeatedTest(20)
        @Latency(target = "echo", delay = "3ms")
        void one_message_is_enough_although_a_probe_is_always_at_it() throws IOException {
            Echo.ask(address);
        }
    }

    @Test
    void a_probe_with_an_address_of_its_own_may_look_beside_the_body() {
        Events tests = Kit.of(Beside.class).tests();
        tests.assertStatistics(stats -> stats.succeeded(20));
        assertThat(Kit.entries(tests, "chaos.verdict")).containsOnly("RECOVERED");
    }
}
