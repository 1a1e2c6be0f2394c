package dev.firedrill.junit5;

import static dev.firedrill.junit5.BadInput.ECHO;
import static dev.firedrill.junit5.BadInput.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.LocalProcess;
import dev.firedrill.Upstream;
import dev.firedrill.junit5.BadInput.Base;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The exact text for services that can't be had, or started, and for addresses of none. */
class BadServiceTests {

    static class TwoOfOneName extends Base {
        @ChaosService(name = "redis")
        static final Upstream other = ECHO;

        @Test
        void test() {}
    }

    @Test
    void two_services_of_one_name() {
        refused(
                TwoOfOneName.class,
                "two services are named \"redis\": @ChaosService on BadInput.Base.redis and @ChaosService on"
                        + " BadServiceTests.TwoOfOneName.other; give one of them another name, such as @ChaosService(name ="
                        + " \"redis2\")");
    }

    @Firedrill
    static class NullService {
        @ChaosService
        static @Nullable Upstream redis;

        @Test
        void test() {}
    }

    @Firedrill
    static class InstanceService {
        @ChaosService
        final Upstream redis = ECHO;

        @Test
        void test() {}
    }

    @Firedrill
    static class WrongService {
        @ChaosService
        static final String redis = "localhost:6379";

        @Test
        void test() {}
    }

    @Firedrill
    static class BadName {
        @ChaosService(name = "my redis")
        static final Upstream redis = ECHO;

        @Test
        void test() {}
    }

    @Test
    void a_service_that_is_none() {
        refused(
                NullService.class,
                "@ChaosService on BadServiceTests.NullService.redis is null when its class starts; assign it where it is"
                        + " declared or in a static initializer");
        refused(
                InstanceService.class,
                "@ChaosService on BadServiceTests.InstanceService.redis: the field is not static; a service lives longer"
                        + " than a test instance, so declare it static");
        refused(
                WrongService.class,
                "@ChaosService on BadServiceTests.WrongService.redis: java.lang.String is no server; allowed are"
                        + " dev.firedrill.LocalProcess, org.testcontainers.containers.GenericContainer,"
                        + " dev.firedrill.ServiceContainer, an array of one of these, and dev.firedrill.Upstream");
        refused(
                BadName.class,
                "@ChaosService on BadServiceTests.BadName.redis: service \"my redis\" is no name; allowed are 1 to 100"
                        + " letters, digits, dots, hyphens and underscores");
    }

    static class NoPort extends Base {
        @ServiceUri(template = "redis://{host}/0")
        static URI uri;

        @Test
        void test() {}
    }

    static class NoAddress extends Base {
        @ServiceUri("redis")
        static Integer port;

        @Test
        void test() {}
    }

    static class UnknownService extends Base {
        @ServiceUri("reddis")
        static URI uri;

        @Test
        void test() {}
    }

    static class FinalField extends Base {
        @ServiceUri("redis")
        static final @Nullable URI uri = null;

        @Test
        void test() {}
    }

    @Test
    void an_address_that_can_not_be_had() {
        refused(
                NoPort.class,
                "@ServiceUri on BadServiceTests.NoPort.uri: template \"redis://{host}/0\" for service redis has no {port};"
                        + " write for example \"jdbc:postgresql://{host}:{port}/shop\"");
        refused(
                NoAddress.class,
                "@ServiceUri on BadServiceTests.NoAddress.port: the type java.lang.Integer is no address; allowed are"
                        + " java.net.URI, java.net.InetSocketAddress and String");
        refused(
                UnknownService.class,
                "@ServiceUri on BadServiceTests.UnknownService.uri: no service is named \"reddis\"; known, the nearest first:"
                        + " redis");
        refused(
                FinalField.class,
                "@ServiceUri on BadServiceTests.FinalField.uri: the field is final, so it can't be set; remove final");
    }

    @Firedrill
    static class EndsAtOnce {
        @ChaosService
        static final LocalProcess server =
                LocalProcess.of("sh", "-c", "echo no disk on {port}; exit 3").ports(80);

        @Test
        void test() {}
    }

    @Test
    void a_process_that_ends_at_once() {
        assertThat(Kit.of(EndsAtOnce.class).failure())
                .hasMessageMatching(
                        "server ended before it was ready: exit code 3; its last output:\n" + "  \\| no disk on \\d+");
    }

    static final ServerSocket TAKEN = listen();

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Firedrill
    static class PortTaken {
        @ChaosService
        static final LocalProcess server = LocalProcess.of("sleep", "60").ports(TAKEN.getLocalPort());

        @Test
        void test() {}
    }

    @Test
    void a_port_that_is_taken() {
        assertThat(Kit.of(PortTaken.class).failure())
                .hasMessage(
                        "port " + TAKEN.getLocalPort() + " of server is already taken on 127.0.0.1 (Address already in"
                                + " use); stop what listens there, or let Firedrill choose a port by writing {port} in the"
                                + " command");
    }
}
