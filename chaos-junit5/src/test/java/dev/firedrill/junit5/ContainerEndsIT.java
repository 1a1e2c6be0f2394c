package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.Report;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.testcontainers.containers.GenericContainer;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** However a test with a container ends, it leaves nothing broken; and its class leaves nothing at all. */
@Tag("docker")
class ContainerEndsIT {

    private static final Map<String, List<String>> BROKEN = new ConcurrentHashMap<>();
    private static final Map<String, String> VERDICTS = new ConcurrentHashMap<>();

    @Firedrill
    static class Example {

        @ChaosService(port = 6379)
        static final GenericContainer<?> redis = new GenericContainer<>("redis:7.0");

        @ServiceUri("redis")
        InetSocketAddress address;

        private void ask() {
            try (Jedis jedis = new Jedis(address.getHostString(), address.getPort(), 100)) {
                jedis.ping();
            } catch (JedisConnectionException expected) {
                return;
            }
        }

        private void fail() {
            ask();
            throw new AssertionError("as it is meant to");
        }

        private void abort() {
            ask();
            Assumptions.abort("as it is meant to");
        }

        private void hang() throws InterruptedException {
            ask();
            new CountDownLatch(1).await();
        }

        @Test
        @Latency(target = "redis", delay = "50ms")
        @Pause(target = "redis")
        void passes_frozen() {
            ask();
        }

        @Test
        @Kill(target = "redis")
        void passes_killed() {
            ask();
        }

        @Test
        @Latency(target = "redis", delay = "50ms")
        @Pause(target = "redis")
        void fails_frozen() {
            fail();
        }

        @Test
        @Stop(target = "redis")
        void fails_stopped() {
            fail();
        }

        @Test
        @Latency(target = "redis", delay = "50ms")
        @Pause(target = "redis")
        void aborts_frozen() {
            abort();
        }

        @Test
        @Kill(target = "redis")
        void aborts_killed() {
            abort();
        }

        @Test
        @Timeout(value = 300, unit = TimeUnit.MILLISECONDS)
        @Latency(target = "redis", delay = "50ms")
        @Pause(target = "redis")
        void times_out_frozen() throws InterruptedException {
            hang();
        }

        @Test
        @Timeout(value = 300, unit = TimeUnit.MILLISECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
        @Latency(target = "redis", delay = "50ms")
        @Kill(target = "redis")
        void times_out_killed_in_a_thread_of_its_own() throws InterruptedException {
            hang();
        }

        @Test
        @Pause(target = "redis")
        void is_interrupted_frozen() {
            ask();
            Thread.currentThread().interrupt();
        }

        @AfterEach
        void look(TestInfo test, Report report) {
            boolean interrupted = Thread.interrupted(); // the look needs the engine
            String name = test.getTestMethod().orElseThrow().getName();
            VERDICTS.put(name, report.verdict() + (interrupted ? " interrupted" : ""));
            BROKEN.put(name, Left.broken());
        }
    }

    @Test
    void nothing_is_broken_after_a_test_and_nothing_is_left_after_the_class() {
        var results = Kit.of(Example.class).run();

        assertThat(Left.inEngine()).isEmpty();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(Left.threads()).isEmpty());
        results.testEvents()
                .assertStatistics(stats -> stats.started(9).aborted(2).failed(4));
        assertThat(BROKEN).hasSize(9);
        assertThat(BROKEN.values()).allMatch(List::isEmpty);
        assertThat(VERDICTS)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "passes_frozen", "SURVIVED",
                        "passes_killed", "SURVIVED",
                        "fails_frozen", "BODY_FAILED",
                        "fails_stopped", "BODY_FAILED",
                        "aborts_frozen", "ABORTED",
                        "aborts_killed", "ABORTED",
                        "times_out_frozen", "BODY_FAILED",
                        "times_out_killed_in_a_thread_of_its_own", "BODY_FAILED",
                        "is_interrupted_frozen", "SURVIVED interrupted"));
    }
}
