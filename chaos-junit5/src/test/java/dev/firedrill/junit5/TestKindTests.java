package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.Drill;
import dev.firedrill.Upstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.Events;

/** Every kind of test and of test class that JUnit knows can be an experiment. */
class TestKindTests {

    private static final Echo ECHO = new Echo();

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
}
