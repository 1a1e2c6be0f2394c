package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.Drill;
import dev.firedrill.Upstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Tests that share a service never overlap while one of them has a fault; others do. */
class ParallelTests {

    private static final Echo ECHO = new Echo();

    @Firedrill
    abstract static class Base {

        @ChaosService
        static final Upstream shared = ECHO.upstream();

        static final AtomicInteger FAULTED = new AtomicInteger();
        static final AtomicInteger PLAIN = new AtomicInteger();
        static final AtomicInteger OVERLAPS = new AtomicInteger();

        @ServiceUri("shared")
        InetSocketAddress address;

        void faulted(Drill drill) throws Exception {
            if (FAULTED.incrementAndGet() > 1 || PLAIN.get() > 0) {
                OVERLAPS.incrementAndGet();
            }
            assertThat(drill.isActive()).isTrue();
            Echo.ask(address);
            linger();
            FAULTED.decrementAndGet();
        }

        void plain() throws Exception {
            PLAIN.incrementAndGet();
            if (FAULTED.get() > 0) {
                OVERLAPS.incrementAndGet();
            }
            long begun = System.nanoTime();
            Echo.ask(address);
            if (System.nanoTime() - begun > Duration.ofMillis(190).toNanos()) {
                OVERLAPS.incrementAndGet();
            }
            linger();
            PLAIN.decrementAndGet();
        }

        private static void linger() throws InterruptedException {
            new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
        }
    }

    static class One extends Base {
        @RepeatedTest(4)
        @Latency(target = "shared", delay = "200ms")
        void slow(Drill drill) throws Exception {
            faulted(drill);
        }

        @RepeatedTest(6)
        void fast() throws Exception {
            plain();
        }
    }

    @Latency(target = "shared", delay = "200ms")
    static class Two extends Base {
        @RepeatedTest(4)
        void slow(Drill drill) throws Exception {
            faulted(drill);
        }

        @RepeatedTest(6)
        @NoFaults
        void fast() throws Exception {
            plain();
        }
    }

    @Test
    void tests_that_share_a_service_never_overlap_one_that_has_a_fault_on_it() {
        var results = Kit.of(One.class, Two.class).inParallel().run();

        assertThat(Kit.failures(results)).isEmpty();
        results.testEvents().assertStatistics(stats -> stats.succeeded(20));
        assertThat(Base.OVERLAPS).hasValue(0);
    }

    static final CyclicBarrier TOGETHER = new CyclicBarrier(2);

    @Firedrill
    static class Apart {

        @ChaosService
        static final Upstream own = ECHO.upstream();

        @Test
        @Latency(target = "own", delay = "5ms")
        void waits_for_the_other(@ServiceUri InetSocketAddress address) throws Exception {
            Echo.ask(address);
            TOGETHER.await(20, TimeUnit.SECONDS);
        }
    }

    @Firedrill
    static class AlsoApart {

        @ChaosService
        static final Upstream own = ECHO.upstream();

        @Test
        @Latency(target = "own", delay = "5ms")
        void waits_for_the_other(@ServiceUri InetSocketAddress address) throws Exception {
            Echo.ask(address);
            TOGETHER.await(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void tests_with_services_of_their_own_overlap_though_the_names_are_the_same() {
        var results = Kit.of(Apart.class, AlsoApart.class).inParallel().run();
        assertThat(Kit.failures(results)).isEmpty();
        assertThat(Kit.entries(results.testEvents(), "chaos.verdict")).containsExactly("SURVIVED", "SURVIVED");
    }

    @Firedrill
    static class TwoServices {

        @ChaosService
        static final Upstream left = ECHO.upstream();

        @ChaosService
        static final Upstream right = ECHO.upstream();

        @ServiceUri("left")
        InetSocketAddress toLeft;

        @ServiceUri("right")
        InetSocketAddress toRight;

        @RepeatedTest(5)
        @Refuse(target = "left")
        void left() throws IOException {
            refused(toLeft);
            assertThat(Echo.ask(toRight)).isTrue();
        }

        @RepeatedTest(5)
        @Refuse(target = "right")
        void right() throws IOException {
            refused(toRight);
            assertThat(Echo.ask(toLeft)).isTrue();
        }

        private static void refused(InetSocketAddress address) {
            try {
                Echo.ask(address);
            } catch (IOException expected) {
                return;
            }
            throw new AssertionError("not refused");
        }
    }

    @Test
    void a_test_with_a_fault_on_one_service_may_rely_on_the_other() {
        assertThat(Kit.failures(Kit.of(TwoServices.class).inParallel().run())).isEmpty();
    }
}
