package dev.firedrill.junit5;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.firedrill.Drill;
import dev.firedrill.LocalProcess;
import dev.firedrill.Report;
import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import dev.firedrill.history.History;
import dev.firedrill.probe.Recovery;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.Events;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** When an experiment begins and ends around a test, and how its verdict reaches JUnit. */
class LifecycleTests {

    private static final Echo ECHO = new Echo();

    @BeforeEach
    void well() {
        ECHO.sick(false);
    }

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

    // ---- verdicts

    @Firedrill
    static class Verdicts {

        @ChaosService
        static final Upstream echo = ECHO.upstream();

        @ServiceUri("echo")
        InetSocketAddress address;

        @SteadyState(every = "10ms", within = "200ms")
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
                        "\"echo answers\" did not hold within 200ms before any fault was injected; last seen: false")
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

    // ---- kinds of test

    @Firedrill
    static class Kinds {

        @ChaosService
        static final Upstream echo = ECHO.upstream();

        @ServiceUri("echo")
        InetSocketAddress address;

        @RepeatedTest(2)
        @Latency(target = "echo", delay = "5ms")
        void repeated() throws IOException {
            Echo.ask(address);
        }

        @ParameterizedTest
        @ValueSource(ints = {3, 4})
        @Latency(target = "echo", delay = "5ms")
        void parameterized(int times, Drill drill) throws Exception {
            for (int i = 0; i < times; i++) {
                drill.operation("ask", () -> Echo.ask(address));
            }
        }

        @TestFactory
        @Latency(target = "echo", delay = "60ms")
        Stream<DynamicTest> dynamic(Drill drill) {
            return Stream.of(1, 2)
                    .map(i -> DynamicTest.dynamicTest("ask " + i, () -> {
                        assertThat(drill.isActive()).isTrue();
                        Echo.ask(address);
                    }));
        }
    }

    @Test
    void repeated_parameterized_and_dynamic_tests_are_experiments_of_their_own() {
        Events tests = Kit.of(Kinds.class).run().allEvents();

        tests.assertStatistics(stats -> stats.failed(0));
        assertThat(Kit.entries(tests, "chaos.verdict")).hasSize(5).containsOnly("SURVIVED");
        assertThat(Kit.entries(tests, "chaos.report"))
                .anyMatch(path -> path.contains("Kinds.repeated[1]"))
                .anyMatch(path -> path.contains("Kinds.repeated[2]"))
                .anyMatch(path -> path.contains("Kinds.parameterized(int,Drill)[2]"));
    }

    @Firedrill
    static class FailingDynamicTest {

        @ChaosService
        static final Upstream echo = ECHO.upstream();

        @TestFactory
        @Latency(target = "echo", delay = "5ms")
        Stream<DynamicTest> dynamic(@ServiceUri InetSocketAddress address) {
            return Stream.of(DynamicTest.dynamicTest("fails", () -> {
                Echo.ask(address);
                throw new IllegalStateException("dynamic");
            }));
        }
    }

    @Test
    void a_dynamic_test_that_fails_is_a_failed_body() {
        EngineExecutionResults results = Kit.of(FailingDynamicTest.class).run();
        assertThat(Kit.entries(results.testEvents(), "chaos.verdict")).isEmpty();
        assertThat(Kit.entries(results.allEvents(), "chaos.verdict")).containsExactly("BODY_FAILED");
    }

    @Firedrill
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class PerClass {

        @ChaosService
        static final Upstream echo = ECHO.upstream();

        @ServiceUri
        static URI early;

        @ServiceUri("echo")
        String later;

        final URI seenInConstructor;
        final URI parameter;

        PerClass(@ServiceUri URI uri) {
            seenInConstructor = early;
            parameter = uri;
        }

        @Test
        @Latency(target = "echo", delay = "5ms")
        void addresses_are_there_in_time(@ServiceUri("echo") InetSocketAddress address) throws IOException {
            assertThat(seenInConstructor).isEqualTo(parameter).isEqualTo(early).isNotNull();
            assertThat(later).isEqualTo("127.0.0.1:" + address.getPort());
            Echo.ask(address);
        }
    }

    @Test
    void one_instance_per_class_has_its_addresses_in_the_constructor() {
        Kit.of(PerClass.class).tests().assertStatistics(stats -> stats.succeeded(1));
    }

    @Firedrill
    static class Outer {

        @ChaosService
        static final Upstream echo = ECHO.upstream();

        @ServiceUri("echo")
        InetSocketAddress address;

        final List<String> seen = new ArrayList<>();

        @SteadyState(every = "10ms")
        void outer_is_steady() throws IOException {
            seen.add("looked");
            assertThat(Echo.ask(address)).isTrue();
        }

        @Nested
        class Inner {

            @ServiceUri(value = "echo", template = "http://{host}:{port}/x")
            URI inner;

            @Test
            @Latency(target = "echo", delay = "5ms")
            void services_and_steady_states_of_the_outer_class_apply() throws IOException {
                assertThat(seen).hasSizeGreaterThanOrEqualTo(3);
                assertThat(inner.getPath()).isEqualTo("/x");
                assertThat(inner.getPort()).isEqualTo(address.getPort());
                Echo.ask(address);
            }
        }
    }

    @Test
    void nested_classes_see_what_the_outer_class_declares() {
        Events tests = Kit.of(Outer.class).tests();
        tests.assertStatistics(stats -> stats.succeeded(1));
        assertThat(Kit.entries(tests, "chaos.verdict")).containsExactly("RECOVERED");
    }

    // ---- time-outs

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
