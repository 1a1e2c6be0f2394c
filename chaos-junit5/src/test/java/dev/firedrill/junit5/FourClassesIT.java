package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Four classes at the same time, each with a container and a fault of its own, under one and the same name. */
@Tag("docker")
class FourClassesIT {

    private static final Duration DELAY = Duration.ofMillis(400);
    private static final CyclicBarrier TOGETHER = new CyclicBarrier(4);

    /** Both barriers stand within the faults: while one asks, those of all others are in force. */
    @Firedrill
    abstract static class Base {

        @ServiceUri("redis")
        InetSocketAddress address;

        final void together(Runnable look) throws Exception {
            TOGETHER.await(30, TimeUnit.SECONDS);
            try {
                look.run();
            } finally {
                TOGETHER.await(30, TimeUnit.SECONDS);
            }
        }

        final Duration ask() {
            try (Jedis jedis = new Jedis(address.getHostString(), address.getPort(), 2_000)) {
                jedis.ping();
                long begun = System.nanoTime();
                assertThat(jedis.incr(getClass().getSimpleName())).isPositive();
                assertThat(jedis.dbSize()).as("nobody else writes here").isEqualTo(1);
                return Duration.ofNanos(System.nanoTime() - begun);
            }
        }
    }

    static class Slow extends Base {

        @ChaosService(port = 6379)
        static final GenericContainer<?> redis = new GenericContainer<>("redis:7.0");

        @RepeatedTest(2)
        @Latency(target = "redis", delay = "400ms")
        void is_slow() throws Exception {
            together(() -> assertThat(ask()).isGreaterThanOrEqualTo(DELAY));
        }
    }

    static class Frozen extends Base {

        @ChaosService(port = 6379)
        static final GenericContainer<?> redis = new GenericContainer<>("redis:7.0");

        @RepeatedTest(2)
        @Pause(target = "redis")
        void is_frozen() throws Exception {
            together(() -> assertThatThrownBy(this::ask)
                    .isInstanceOf(JedisConnectionException.class)
                    .hasStackTraceContaining("timed out"));
        }
    }

    static class Killed extends Base {

        @ChaosService(port = 6379)
        static final GenericContainer<?> redis = new GenericContainer<>("redis:7.0");

        @RepeatedTest(2)
        @Kill(target = "redis")
        void is_killed() throws Exception {
            together(() -> assertThatThrownBy(this::ask).isInstanceOf(JedisConnectionException.class));
        }
    }

    static class Well extends Base {

        @ChaosService(port = 6379)
        static final GenericContainer<?> redis = new GenericContainer<>("redis:7.0");

        @RepeatedTest(2)
        void is_well() throws Exception {
            together(() -> assertThat(ask()).isLessThan(DELAY));
        }
    }

    @Test
    void run_in_parallel_without_cross_talk() {
        var results = Kit.of(Slow.class, Frozen.class, Killed.class, Well.class)
                .inParallel()
                .with("junit.jupiter.execution.parallel.mode.default", "same_thread")
                .run();

        assertThat(Kit.failures(results)).isEmpty();
        results.testEvents().assertStatistics(stats -> stats.started(8).succeeded(8));
        assertThat(Left.inEngine()).isEmpty();
    }
}
