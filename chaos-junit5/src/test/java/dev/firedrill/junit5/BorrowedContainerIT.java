package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.Drill;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Containers that somebody else starts and ends. */
@Tag("docker")
class BorrowedContainerIT {

    private static final Network SHOP = Network.newNetwork();

    private static final GenericContainer<?> SINGLETON = new GenericContainer<>("redis:7.0")
            .withExposedPorts(6379)
            .withNetwork(SHOP)
            .withNetworkAliases("redis");

    @AfterAll
    static void stop() {
        SINGLETON.stop();
        SHOP.close();
    }

    private static boolean pings(URI uri) {
        try (RedisClient redis = RedisClient.create(uri.getHost(), uri.getPort())) {
            return redis.ping().equals("PONG");
        }
    }

    private static boolean isUnreachable(URI uri) {
        try {
            pings(uri);
            return false;
        } catch (JedisConnectionException e) {
            return true;
        }
    }

    @Firedrill
    static class SingletonFixture {

        @ChaosService
        static final GenericContainer<?> redis = SINGLETON;

        @ServiceUri
        static URI uri;

        @SteadyState
        boolean redis_answers() {
            return pings(uri);
        }

        @Test
        @Latency(target = "redis", delay = "50ms")
        @RecoversWithin("5s")
        void slow() {
            assertThat(pings(uri)).isTrue();
        }

        @Test
        @Kill(target = "redis")
        @RecoversWithin("10s")
        void killed() {
            assertThat(isUnreachable(uri)).isTrue();
        }

        @Test
        @Pause(target = "redis", after = "1ms", lasting = "300ms")
        @RecoversWithin("10s")
        void frozen(Drill drill) {
            drill.awaitActive();
            assertThat(pings(uri)).isTrue();
        }
    }

    @Test
    void one_that_runs_already_is_left_running_under_its_own_name() {
        SINGLETON.start();
        String id = SINGLETON.getContainerId();
        Kit.of(SingletonFixture.class)
                .run()
                .testEvents()
                .assertStatistics(stats -> stats.started(3).succeeded(3));
        assertThat(SINGLETON.getContainerId()).isEqualTo(id);
        assertThat(SINGLETON.isRunning()).isTrue();
        assertThat(SINGLETON.getCurrentContainerInfo().getState().getPaused()).isFalse();
        assertThat(SINGLETON
                        .getCurrentContainerInfo()
                        .getNetworkSettings()
                        .getNetworks()
                        .values())
                .allSatisfy(network -> assertThat(network.getAliases()).contains("redis"));
    }

    @Testcontainers
    @Firedrill
    static class ManagedFixture {

        @Container
        @ChaosService(port = 6379)
        static final GenericContainer<?> redis = new GenericContainer<>("redis:7.0").withExposedPorts(6379);

        @Test
        @Kill(target = "redis", after = "1ms", lasting = "200ms")
        void killed(Drill drill, @ServiceUri URI uri) {
            drill.awaitActive();
            assertThat(isUnreachable(uri)).isTrue();
        }
    }

    @Test
    void one_that_testcontainers_looks_after_is_ended_by_it() {
        Kit.of(ManagedFixture.class)
                .run()
                .testEvents()
                .assertStatistics(stats -> stats.started(1).succeeded(1));
        assertThat(ManagedFixture.redis.isRunning()).isFalse();
        assertThat(ManagedFixture.redis.getContainerId()).isNull();
    }
}
