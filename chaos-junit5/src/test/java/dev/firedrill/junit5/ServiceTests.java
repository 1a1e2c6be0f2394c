package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.Drill;
import dev.firedrill.LocalProcess;
import dev.firedrill.Report;
import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long services live, how they are addressed, and that nothing of a test is left behind. */
class ServiceTests {

    private static final Echo ECHO = new Echo();

    @TempDir
    static Path scratch;

    private static LocalProcess counted(Path trace) {
        return LocalProcess.of("sh", "-c", "echo started >> " + trace + "; exec sleep 60");
    }

    @Firedrill
    abstract static class Base {

        @ChaosService
        static LocalProcess inherited;

        static final Set<String> SEEN = new LinkedHashSet<>();
    }

    static class First extends Base {

        @ChaosService
        static final Upstream own = ECHO.upstream();

        @Test
        @Pause(target = "inherited")
        @Latency(target = "own", delay = "3ms")
        void test(@ServiceUri("own") InetSocketAddress address, Drill drill) throws IOException {
            Echo.ask(address);
            SEEN.add("first " + drill.isActive());
        }
    }

    static class Second extends Base {

        @ChaosService
        static final LocalProcess own = LocalProcess.of("sleep", "60");

        @Test
        @Kill(target = "inherited", lasting = "20ms")
        @Pause(target = "own")
        void test(Drill drill) {
            drill.awaitActive();
            SEEN.add("second " + drill.isActive());
        }
    }

    @Test
    void an_inherited_service_starts_once_however_many_classes_use_it() throws IOException {
        Path trace = scratch.resolve("inherited");
        Base.SEEN.clear();
        Base.inherited = counted(trace);
        var results = Kit.of(First.class, Second.class).run();

        assertThat(Kit.failures(results)).isEmpty();
        assertThat(Base.SEEN).containsExactlyInAnyOrder("first true", "second true");
        assertThat(Files.readAllLines(trace))
                .as("once for the run and once after the kill")
                .hasSize(2);
    }

    @Firedrill
    static class PortsAndNodes {

        @ChaosService
        static final LocalProcess rabbit = EchoMain.process(5672, 15672);

        @ChaosService
        static final LocalProcess[] pg = {EchoMain.process(5432), EchoMain.process(5432)};

        @Test
        @Refuse(target = "rabbit:15672")
        void one_port_of_several(
                @ServiceUri("rabbit:5672") InetSocketAddress amqp, @ServiceUri("rabbit:15672") InetSocketAddress http)
                throws IOException {
            assertThat(Echo.ask(amqp)).isTrue();
            assertThatThrownBy(() -> Echo.ask(http)).isInstanceOf(IOException.class);
        }

        @Test
        @Refuse(target = "rabbit")
        void all_ports(
                @ServiceUri("rabbit:5672") URI amqp,
                @ServiceUri(value = "rabbit", template = "{host}:{port:5672} {port:15672}") String both) {
            assertThat(both).startsWith(amqp.getHost() + ":" + amqp.getPort() + " ");
            assertThatThrownBy(() -> Echo.ask(new InetSocketAddress(amqp.getHost(), amqp.getPort())))
                    .isInstanceOf(IOException.class);
        }

        @Test
        @Kill(target = "pg[1]", lasting = "100ms")
        void one_node_of_several(
                @ServiceUri("pg") InetSocketAddress first, @ServiceUri("pg[1]") InetSocketAddress second, Drill drill)
                throws IOException {
            drill.awaitActive();
            assertThat(Echo.ask(first)).isTrue();
            assertThatThrownBy(() -> Echo.ask(second)).isInstanceOf(IOException.class);
            drill.awaitHealed();
            Awaitility.await().ignoreExceptions().atMost(20, TimeUnit.SECONDS).until(() -> Echo.ask(second));
        }
    }

    @Test
    void ports_and_nodes_have_addresses_and_faults_of_their_own() {
        var results = Kit.of(PortsAndNodes.class).run();
        assertThat(Kit.failures(results)).isEmpty();
        results.testEvents().assertStatistics(stats -> stats.succeeded(3));
    }

    @Firedrill
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class LeavesNothing {

        @ChaosService
        static final LocalProcess server = EchoMain.process(7);

        @ServiceUri("server")
        static InetSocketAddress address;

        static Set<String> threads;

        @SteadyState(every = "10ms")
        boolean answers() throws IOException {
            return Echo.ask(address);
        }

        @BeforeAll
        static void before() throws IOException {
            Echo.ask(address);
            threads = firedrillThreads();
        }

        @Test
        @Order(1)
        @Latency(target = "server", delay = "10ms")
        @Pause(target = "server", after = "10ms", lasting = "50ms")
        void passed(Drill drill) throws IOException {
            Echo.ask(address);
            drill.awaitActive();
            Echo.ask(address);
        }

        @Test
        @Order(2)
        @Blackhole(target = "server")
        void failed() throws IOException {
            Echo.ask(address, 50);
        }

        @Test
        @Order(3)
        @Stop(target = "server")
        void aborted() {
            Assumptions.abort("on purpose");
        }

        @Test
        @Order(4)
        @Pause(target = "server")
        @Timeout(value = 200, unit = TimeUnit.MILLISECONDS)
        void timed_out() throws InterruptedException {
            new CountDownLatch(1).await();
        }

        @Test
        @Order(5)
        @Kill(target = "server", after = "10ms", every = "100ms", times = 3, lasting = "30ms")
        @Timeout(value = 200, unit = TimeUnit.MILLISECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        void timed_out_elsewhere() throws InterruptedException {
            new CountDownLatch(1).await();
        }

        @AfterEach
        void nothing_is_left(Report report) {
            REPORTS.add(report);
            // a process that is being started again may need its time
            Awaitility.await().ignoreExceptions().atMost(20, TimeUnit.SECONDS).until(() -> Echo.ask(address, 200));
            Awaitility.await()
                    .atMost(5, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(firedrillThreads()).isSubsetOf(threads));
        }

        @AfterAll
        static void address_is_the_same() throws IOException {
            assertThat(Echo.ask(address)).isTrue();
        }
    }

    private static final List<Report> REPORTS = new ArrayList<>();

    /** Without those that go by themselves: one asks for names, one looks for another class's container engine. */
    private static Set<String> firedrillThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("firedrill")
                        && !Set.of("firedrill-dial", "firedrill-engine-search").contains(name))
                .collect(Collectors.toSet());
    }

    @Test
    void no_fault_no_frozen_node_and_no_thread_is_left_however_a_test_ends() {
        REPORTS.clear();
        var results = Kit.of(LeavesNothing.class).run();

        results.testEvents()
                .assertStatistics(stats -> stats.succeeded(1).failed(3).aborted(1));
        assertThat(REPORTS)
                .extracting(Report::verdict)
                .containsExactly(
                        Verdict.RECOVERED,
                        Verdict.BODY_FAILED,
                        Verdict.ABORTED,
                        Verdict.TEST_FAILED,
                        Verdict.TEST_FAILED);
        assertThat(firedrillThreads()).isEmpty();
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .isEmpty();
    }
}
