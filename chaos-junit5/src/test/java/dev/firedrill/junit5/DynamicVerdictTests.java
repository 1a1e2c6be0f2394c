package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** What dynamic tests and their factory add to the verdict: a factory and all that it makes are one body. */
class DynamicVerdictTests {

    private static final Upstream ECHO = new Echo().upstream();

    @Firedrill
    abstract static class Base {

        @ChaosService
        static final Upstream echo = ECHO;

        @ServiceUri("echo")
        InetSocketAddress address;

        DynamicTest asks(String name) {
            return DynamicTest.dynamicTest(name, () -> Echo.ask(address));
        }

        DynamicTest fails(String name) {
            return DynamicTest.dynamicTest(name, () -> {
                Echo.ask(address);
                throw new IllegalStateException(name);
            });
        }

        static DynamicTest aborts(String name) {
            return DynamicTest.dynamicTest(name, () -> Assumptions.abort(name));
        }
    }

    private static String verdict(EngineExecutionResults results) {
        return Kit.entries(results.allEvents(), "chaos.verdict").get(0);
    }

    // ---- failures that are expected

    static class Expected extends Base {

        @TestFactory
        @Latency(target = "echo", delay = "5ms")
        @ExpectVerdict(Verdict.BODY_FAILED)
        Stream<DynamicTest> fulfilled() {
            return Stream.of(asks("well"), fails("one"), fails("two"));
        }

        @TestFactory
        @Latency(target = "echo", delay = "5ms")
        @ExpectVerdict(Verdict.BODY_FAILED)
        Stream<DynamicTest> too_early() {
            return Stream.of(DynamicTest.dynamicTest("bug", () -> {
                throw new IllegalStateException("bug in the test");
            }));
        }

        @TestFactory
        @Latency(target = "echo", delay = "5ms")
        @ExpectVerdict(Verdict.BODY_FAILED)
        Stream<DynamicTest> never() {
            return Stream.of(asks("well"));
        }

        @TestFactory
        @Latency(target = "echo", delay = "5ms")
        @ExpectVerdict(Verdict.SURVIVED)
        Stream<DynamicTest> of_a_good_verdict() {
            return Stream.of(fails("one"), asks("well"));
        }
    }

    @Test
    void the_failure_of_a_dynamic_test_that_fulfils_the_expectation_passes() {
        EngineExecutionResults results = Kit.of(Expected.class, "fulfilled").run();

        assertThat(Kit.failures(results)).isEmpty();
        results.testEvents().assertStatistics(stats -> stats.started(3).succeeded(3));
        assertThat(verdict(results)).isEqualTo("BODY_FAILED");
    }

    @Test
    void a_failure_that_does_not_fulfil_it_is_the_cause_of_the_verdict() {
        assertThat(Kit.of(Expected.class, "too_early").failure())
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageStartingWith(
                        "expected BODY_FAILED but was TEST_FAILED: the body failed before any fault took"
                                + " effect on echo: bug in the test\n")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(Kit.of(Expected.class, "never").failure())
                .hasMessageStartingWith("expected BODY_FAILED but was SURVIVED: ");
    }

    @Test
    void a_good_verdict_forgives_no_dynamic_test() {
        EngineExecutionResults results =
                Kit.of(Expected.class, "of_a_good_verdict").run();

        results.testEvents().assertStatistics(stats -> stats.failed(1).succeeded(1));
        assertThat(Kit.failures(results)).hasSize(2);
        assertThat(verdict(results)).isEqualTo("BODY_FAILED");
    }

    // ---- assumptions

    static class Aborted extends Base {

        @TestFactory
        @Latency(target = "echo", delay = "5ms")
        Stream<DynamicTest> one_of_several() {
            return Stream.of(aborts("not this one"), asks("well"));
        }

        @TestFactory
        @Latency(target = "echo", delay = "5ms")
        Stream<DynamicTest> beside_a_failure() {
            return Stream.of(aborts("not this one"), fails("one"));
        }

        @TestFactory
        @Latency(target = "echo", delay = "5ms")
        Stream<DynamicTest> all() {
            return Stream.of(aborts("not this one"), aborts("nor this one"));
        }
    }

    @Test
    void a_dynamic_test_that_aborts_leaves_the_others_to_the_verdict() {
        EngineExecutionResults results = Kit.of(Aborted.class, "one_of_several").run();

        results.testEvents().assertStatistics(stats -> stats.aborted(1).succeeded(1));
        results.containerEvents().assertStatistics(stats -> stats.aborted(0).failed(0));
        assertThat(verdict(results)).isEqualTo("SURVIVED");
        assertThat(verdict(Kit.of(Aborted.class, "beside_a_failure").run())).isEqualTo("BODY_FAILED");
    }

    @Test
    void dynamic_tests_that_all_abort_abort_the_experiment() {
        EngineExecutionResults results = Kit.of(Aborted.class, "all").run();

        results.testEvents().assertStatistics(stats -> stats.aborted(2));
        assertThat(Kit.failures(results)).hasSize(3).hasOnlyElementsOfType(TestAbortedException.class);
        assertThat(verdict(results)).isEqualTo("ABORTED");
    }

    // ---- the factory itself

    static class Factories extends Base {

        @TestFactory
        @Latency(target = "echo", delay = "5ms")
        List<DynamicTest> fails() throws IOException {
            Echo.ask(address);
            throw new IllegalStateException("no tests today");
        }

        @TestFactory
        @Latency(target = "echo", delay = "5ms")
        @ExpectVerdict(Verdict.BODY_FAILED)
        DynamicTest fails_as_expected() throws IOException {
            Echo.ask(address);
            throw new IllegalStateException("no tests today");
        }

        @TestFactory
        @Latency(target = "echo", delay = "5ms")
        Iterator<DynamicTest> fails_later() {
            return Stream.of("well", "one")
                    .map(name -> {
                        if (name.equals("one")) {
                            throw new IllegalStateException("no more tests");
                        }
                        return asks(name);
                    })
                    .iterator();
        }
    }

    @Test
    void a_factory_that_fails_is_a_failed_body() {
        assertThat(Kit.of(Factories.class, "fails").failure())
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageStartingWith("the body failed under the faults on echo: no tests today\n")
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(Kit.failures(Kit.of(Factories.class, "fails_as_expected").run()))
                .isEmpty();
    }

    @Test
    void a_factory_that_fails_between_its_tests_is_a_failed_body() {
        EngineExecutionResults results = Kit.of(Factories.class, "fails_later").run();

        assertThat(Kit.failures(results))
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("no more tests"));
        assertThat(verdict(results)).isEqualTo("BODY_FAILED");
    }

    // ---- others between the opening of the window and the body

    static final class Refuses implements BeforeTestExecutionCallback {
        @Override
        public void beforeTestExecution(ExtensionContext context) {
            throw new IllegalStateException("not with me");
        }
    }

    static class Prevented extends Base {
        @Test
        @Latency(target = "echo", delay = "5ms")
        @ExtendWith(Refuses.class)
        void test() {}
    }

    @Test
    void an_extension_that_prevents_the_body_is_what_failed() {
        EngineExecutionResults results = Kit.of(Prevented.class).run();

        assertThat(Kit.failures(results))
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessage("not with me"));
        assertThat(verdict(results)).isEqualTo("TEST_FAILED");
    }
}
