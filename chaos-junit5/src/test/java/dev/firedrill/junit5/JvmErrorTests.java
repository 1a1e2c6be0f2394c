package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.LocalProcess;
import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.AssertionFailedError;

/** JUnit gives up at an OutOfMemoryError: it calls no handler and no callback any more. */
class JvmErrorTests {

    private static final Upstream ECHO = new Echo().upstream();
    private static final List<String> SEEN = new ArrayList<>();
    private static final List<Shared> OPENED = new ArrayList<>();

    @BeforeEach
    void nothing_seen() {
        SEEN.clear();
    }

    /** Stands just outside of the extension, and so sees what JUnit sees: the error, and the services as they are then. */
    static final class Outside implements InvocationInterceptor {

        @Override
        public void interceptTestMethod(
                Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            look(invocation, context);
        }

        @Override
        public void interceptTestTemplateMethod(
                Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            look(invocation, context);
        }

        @Override
        public <T> T interceptTestFactoryMethod(
                Invocation<T> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
                throws Throwable {
            return look(invocation, context);
        }

        @Override
        public void interceptDynamicTest(
                Invocation<Void> invocation, DynamicTestInvocationContext test, ExtensionContext context)
                throws Throwable {
            look(invocation, context);
        }

        private static <T> T look(Invocation<T> invocation, ExtensionContext context) throws Throwable {
            try {
                return invocation.proceed();
            } catch (OutOfMemoryError e) {
                SEEN.add("echo answers: " + answers(OutOfMemory.echoAddress));
                // it is started again by now, and is ready a little later
                Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> answers(OutOfMemory.serverAddress));
                SEEN.add("server answers");
                OPENED.add(shared(context));
                throw e;
            }
        }

        private static Shared shared(ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(FiredrillExtension.class))
                    .get(Shared.class, Shared.class);
        }

        private static boolean answers(InetSocketAddress address) {
            try {
                return Echo.ask(address);
            } catch (IOException e) {
                return false;
            }
        }
    }

    @ExtendWith(Outside.class)
    @Firedrill
    static class OutOfMemory {

        @ChaosService
        static final Upstream echo = ECHO;

        @ChaosService
        static final LocalProcess server = EchoMain.process(7);

        @ServiceUri("echo")
        static InetSocketAddress echoAddress;

        @ServiceUri("server")
        static InetSocketAddress serverAddress;

        @Test
        @Refuse(target = "echo")
        @Kill(target = "server")
        void test() {
            runOut();
        }

        @RepeatedTest(1)
        @Refuse(target = "echo")
        @Kill(target = "server")
        @ExpectVerdict(Verdict.BODY_FAILED)
        void template() {
            runOut();
        }

        @TestFactory
        @Refuse(target = "echo")
        @Kill(target = "server")
        Stream<DynamicTest> factory() {
            runOut();
            return Stream.empty();
        }

        @TestFactory
        @Refuse(target = "echo")
        @Kill(target = "server")
        @ExpectVerdict(Verdict.BODY_FAILED)
        Stream<DynamicTest> dynamic() {
            return Stream.of(DynamicTest.dynamicTest("out of memory", OutOfMemory::runOut));
        }

        private static void runOut() {
            assertThatThrownBy(() -> Echo.ask(echoAddress)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> Echo.ask(serverAddress)).isInstanceOf(IOException.class);
            throw new OutOfMemoryError("on purpose");
        }
    }

    @Test
    void faults_are_healed_before_junit_sees_that_memory_ran_out() {
        for (String method : List.of("test", "template", "factory", "dynamic")) {
            SEEN.clear();
            assertThatThrownBy(() -> Kit.of(OutOfMemory.class, method).run())
                    .as(method)
                    .isInstanceOf(OutOfMemoryError.class)
                    .hasMessage("on purpose");
            assertThat(SEEN).as(method).containsExactly("echo answers: true", "server answers");
            OPENED.forEach(Shared::close); // which JUnit, having given up, does not
        }
    }

    @Firedrill
    static class Overflow {

        @ChaosService
        static final Upstream echo = ECHO;

        @ServiceUri("echo")
        static InetSocketAddress address;

        @Test
        @Latency(target = "echo", delay = "5ms")
        void overflows() throws IOException {
            overflow();
        }

        @Test
        @Latency(target = "echo", delay = "5ms")
        @ExpectVerdict(Verdict.BODY_FAILED)
        void as_expected() throws IOException {
            overflow();
        }

        @TestFactory
        @Latency(target = "echo", delay = "5ms")
        Stream<DynamicTest> factory() throws IOException {
            overflow();
            return Stream.empty();
        }

        private static void overflow() throws IOException {
            Echo.ask(address);
            throw new StackOverflowError("on purpose");
        }
    }

    @Test
    void an_error_of_the_jvm_is_thrown_as_it_is_and_the_verdict_with_it() {
        for (String method : List.of("overflows", "factory")) {
            var results = Kit.of(Overflow.class, method).run();
            assertThat(Kit.failures(results)).as(method).singleElement().satisfies(failure -> {
                assertThat(failure).isInstanceOf(StackOverflowError.class).hasMessage("on purpose");
                assertThat(failure.getSuppressed())
                        .singleElement()
                        .satisfies(verdict -> assertThat(verdict)
                                .isInstanceOf(AssertionFailedError.class)
                                .hasMessageStartingWith("the body failed under the faults on echo: on purpose\n"));
            });
            assertThat(Kit.entries(results.allEvents(), "chaos.verdict")).containsExactly("BODY_FAILED");
        }
    }

    @Test
    void an_error_of_the_jvm_may_be_expected_where_junit_survives_it() {
        assertThat(Kit.failures(Kit.of(Overflow.class, "as_expected").run())).isEmpty();
    }
}
