package dev.firedrill.junit5;

import static dev.firedrill.junit5.BadInput.ECHO;
import static dev.firedrill.junit5.BadInput.refused;

import dev.firedrill.LocalProcess;
import dev.firedrill.ServiceContainer;
import dev.firedrill.Upstream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/** The exact text for fields with containers that can't work, where no Docker engine is needed to see it. */
class BadContainerTests {

    static GenericContainer<?> container() {
        return new GenericContainer<>("redis:7.0").withExposedPorts(6379);
    }

    @Firedrill
    static class PortNotExposed {
        @ChaosService(port = 6380)
        static final GenericContainer<?> redis = container();

        @Test
        void test() {}
    }

    @Firedrill
    static class PortThatIsNone {
        @ChaosService(port = 0)
        static final GenericContainer<?> redis = container();

        @Test
        void test() {}
    }

    @Firedrill
    static class PortTwice {
        @ChaosService(port = {6379, 6379})
        static final GenericContainer<?> redis = container();

        @Test
        void test() {}
    }

    @Test
    void a_port_that_can_not_be_had() {
        refused(
                PortNotExposed.class,
                "@ChaosService on BadContainerTests.PortNotExposed.redis: redis: its container does not expose port 6380; it"
                        + " exposes [6379]; name one of these, or add withExposedPorts(6380) to the container");
        refused(
                PortThatIsNone.class,
                "@ChaosService on BadContainerTests.PortThatIsNone.redis: container: port 0 is outside 1..65535; give a port"
                        + " that the server listens on inside the container");
        refused(
                PortTwice.class,
                "@ChaosService on BadContainerTests.PortTwice.redis: container: a port is given twice in [6379, 6379]; give"
                        + " each once");
    }

    @Firedrill
    static class PortOfProcess {
        @ChaosService(port = 80)
        static final LocalProcess server = LocalProcess.of("sleep", "60").ports(80);

        @Test
        void test() {}
    }

    @Firedrill
    static class PortOfUpstream {
        @ChaosService(port = 80)
        static final Upstream server = ECHO;

        @Test
        void test() {}
    }

    @Test
    void a_port_of_what_is_no_container() {
        refused(
                PortOfProcess.class,
                "@ChaosService on BadContainerTests.PortOfProcess.server: port [80] is for containers, and this is a"
                        + " LocalProcess, which says itself what its ports are; remove it");
        refused(
                PortOfUpstream.class,
                "@ChaosService on BadContainerTests.PortOfUpstream.server: port [80] is for containers, and this is a"
                        + " Upstream, which says itself what its ports are; remove it");
    }

    @Firedrill
    static class OnServiceConnection {
        @ChaosService
        @ServiceConnection
        static final GenericContainer<?> redis = container();

        @Test
        void test() {}
    }

    @Test
    void service_connection_on_the_same_field() {
        refused(
                OnServiceConnection.class,
                "@ChaosService on BadContainerTests.OnServiceConnection.redis: @ServiceConnection on the same field leads"
                        + " Spring round the link, straight to the container, so that no fault would reach the application;"
                        + " remove it, and give Spring the link's address by @DynamicPropertySource and @ServiceUri");
    }

    @Firedrill
    static class NullContainer {
        @ChaosService
        static @Nullable GenericContainer<?> redis;

        @Test
        void test() {}
    }

    @Firedrill
    static class NullAmongContainers {
        @ChaosService
        static final @Nullable GenericContainer<?>[] redis = {container(), null};

        @Test
        void test() {}
    }

    @Firedrill
    static class NoContainers {
        @ChaosService
        static final GenericContainer<?>[] redis = {};

        @Test
        void test() {}
    }

    @Firedrill
    static class Mixed {
        @ChaosService
        static final Object[] redis = {container(), ECHO};

        @Test
        void test() {}
    }

    @Test
    void an_array_that_is_no_service() {
        refused(
                NullContainer.class,
                "@ChaosService on BadContainerTests.NullContainer.redis is null when its class starts; assign it where it is"
                        + " declared or in a static initializer");
        refused(
                NullAmongContainers.class,
                "@ChaosService on BadContainerTests.NullAmongContainers.redis holds null when its class starts; assign it"
                        + " where it is declared or in a static initializer");
        refused(
                NoContainers.class,
                "@ChaosService on BadContainerTests.NoContainers.redis: the array is empty; give one server for each node");
        refused(
                Mixed.class,
                "@ChaosService on BadContainerTests.Mixed.redis: an array of [GenericContainer, Upstream] is no service;"
                        + " allowed are arrays of dev.firedrill.LocalProcess, of"
                        + " org.testcontainers.containers.GenericContainer and of dev.firedrill.ServiceContainer");
    }

    @Firedrill
    static class SameContainerTwice {
        static final GenericContainer<?> one = container();

        @ChaosService
        static final GenericContainer<?> redis = one;

        @ChaosService
        static final ServiceContainer cache = ServiceContainer.of(one);

        @Test
        void test() {}
    }

    @Firedrill
    static class DifferentPorts {
        @ChaosService
        static final ServiceContainer[] redis = {
            ServiceContainer.of(container()), ServiceContainer.of(container().withExposedPorts(6380))
        };

        @Test
        void test() {}
    }

    @Firedrill
    static class AliasTwice {
        static final Network network = Network.newNetwork();

        @ChaosService
        static final GenericContainer<?> redis =
                container().withNetwork(network).withNetworkAliases("cache");

        @ChaosService
        static final GenericContainer<?> other =
                container().withNetwork(network).withNetworkAliases("cache");

        @Test
        void test() {}
    }

    @Test
    void containers_that_get_into_each_others_way() {
        refused(
                SameContainerTwice.class,
                "@ChaosService on BadContainerTests.SameContainerTwice.cache: cache: its container is that of redis already;"
                        + " give each a container of its own");
        refused(
                DifferentPorts.class,
                "@ChaosService on BadContainerTests.DifferentPorts.redis: service redis: its nodes have different ports,"
                        + " [6379] and [6380]; give them the same");
        refused(
                AliasTwice.class,
                "@ChaosService on BadContainerTests.AliasTwice.other: other: its alias \"cache\" is held by redis on the same"
                        + " network, so that calls would reach either of them at random; give each an alias of its own");
    }
}
