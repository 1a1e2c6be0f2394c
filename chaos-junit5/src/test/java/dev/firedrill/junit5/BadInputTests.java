package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.LocalProcess;
import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The exact text for annotations that can't work; nothing is started before. */
class BadInputTests {

    private static final Upstream ECHO = new Echo().upstream();

    private static void refused(Class<?> type, String message) {
        assertThat(Kit.of(type).failure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage(message);
    }

    @Firedrill
    static class UnknownTarget {
        @ChaosService
        static final Upstream redis = ECHO;

        @ChaosService
        static final Upstream postgres = ECHO;

        @Test
        @Latency(target = "postgre", delay = "1ms")
        void test() {}
    }

    @Test
    void an_unknown_target() {
        refused(
                UnknownTarget.class,
                "@Latency on BadInputTests.UnknownTarget.test: unknown target \"postgre\"; known, the nearest first:"
                        + " postgres, redis");
    }

    @Firedrill
    static class Base {
        @ChaosService
        static final Upstream redis = ECHO;
    }

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
                "two services are named \"redis\": @ChaosService on BadInputTests.Base.redis and @ChaosService on"
                        + " BadInputTests.TwoOfOneName.other; give one of them another name, such as @ChaosService(name ="
                        + " \"redis2\")");
    }

    static class NoUnit extends Base {
        @Test
        @Latency(target = "redis", delay = "300")
        void test() {}
    }

    static class Negative extends Base {
        @Test
        @Kill(target = "redis", after = "-1s")
        void test() {}
    }

    static class Jitter extends Base {
        @Test
        @Latency(target = "redis", delay = "100ms", jitter = "200ms")
        void test() {}
    }

    static class RangeAndJitter extends Base {
        @Test
        @Latency(target = "redis", delay = "100ms..300ms", jitter = "20ms")
        void test() {}
    }

    static class Probability extends Base {
        @Test
        @Latency(target = "redis", delay = "100ms", probability = 1.5)
        void test() {}
    }

    static class EveryWithoutEnd extends Base {
        @Test
        @Refuse(target = "redis", every = "1s")
        void test() {}
    }

    static class TimesWithoutEvery extends Base {
        @Test
        @Refuse(target = "redis", times = 3)
        void test() {}
    }

    static class Rate extends Base {
        @Test
        @Bandwidth(target = "redis", rate = "64")
        void test() {}
    }

    @Test
    void values_out_of_bounds() {
        refused(
                NoUnit.class,
                "@Latency on BadInputTests.NoUnit.test: delay \"300\" has no unit; allowed are a number and one of ns, us,"
                        + " ms, s, m, h; write for example \"250ms\"");
        refused(
                Negative.class,
                "@Kill on BadInputTests.Negative.test: after \"-1s\" is negative; allowed are a number and one of ns, us,"
                        + " ms, s, m, h; write for example \"250ms\"");
        refused(
                Jitter.class,
                "@Latency on BadInputTests.Jitter.test: latency: jitter 200ms is larger than delay 100ms, which would"
                        + " deliver before the message was sent; allowed is 0ms..100ms");
        refused(
                RangeAndJitter.class,
                "@Latency on BadInputTests.RangeAndJitter.test: delay \"100ms..300ms\" and jitter \"20ms\" exclude each"
                        + " other: a range says how far delays deviate; keep one of them");
        refused(
                Probability.class,
                "@Latency on BadInputTests.Probability.test: probability 1.5 is outside 0..1; write for example 0.05 for"
                        + " one in twenty");
        refused(
                EveryWithoutEnd.class,
                "@Refuse on BadInputTests.EveryWithoutEnd.test: every 1s has no end; say how often with times, such as"
                        + " times = 3");
        refused(
                TimesWithoutEvery.class,
                "@Refuse on BadInputTests.TimesWithoutEvery.test: times 3 needs every: say how far apart the occurrences"
                        + " begin, such as every = \"1s\"");
        refused(
                Rate.class,
                "@Bandwidth on BadInputTests.Rate.test: rate \"64\" is not a whole number with one of the units B/s, KB/s,"
                        + " MB/s, GB/s, KiB/s, MiB/s, GiB/s; write for example \"64KB/s\"");
    }

    static class Foreign extends Base {
        @Test
        @Pause(target = "redis")
        void test() {}
    }

    @Test
    void a_fault_that_no_engine_supports_here() {
        refused(Foreign.class, """
                @Pause on BadInputTests.Foreign.test: no engine can make pause on redis:
                  embedded: the embedded proxy carries links only; pause acts on a node and needs an engine that holds it, \
                such as the one of a service that Firedrill starts
                  node: redis is somebody else's server, which Firedrill did not start and will not pause; declare it as a \
                LocalProcess, or use a link fault such as blackhole or reset-peer""");
    }

    static class NothingToMeasure extends Base {
        @Test
        @Latency(target = "redis", delay = "1ms")
        @RecoversWithin("5s")
        void test() {}
    }

    static class NothingToRecoverFrom extends Base {
        @Test
        @RecoversWithin("5s")
        void test() {}
    }

    static class NothingToExpect extends Base {
        @Test
        @ExpectVerdict(Verdict.NOT_RECOVERED)
        void test() {}
    }

    static class BadDeadline extends Base {
        @SteadyState
        void well() {}

        @Test
        @Latency(target = "redis", delay = "1ms")
        @RecoversWithin("soon")
        void test() {}
    }

    @Test
    void a_deadline_without_meaning() {
        refused(
                NothingToMeasure.class,
                "@RecoversWithin(\"5s\") for BadInputTests.NothingToMeasure.test has nothing to measure: no method is"
                        + " marked with @SteadyState; mark one that says whether the system is well, or remove it");
        refused(
                NothingToRecoverFrom.class,
                "@RecoversWithin on BadInputTests.NothingToRecoverFrom.test says nothing: the test declares no fault; add"
                        + " one, or remove it");
        refused(
                NothingToExpect.class,
                "@ExpectVerdict on BadInputTests.NothingToExpect.test says nothing: the test declares no fault; add one,"
                        + " or remove it");
        refused(
                BadDeadline.class,
                "BadInputTests.BadDeadline.test: @RecoversWithin \"soon\" is not a duration; allowed are a number and one"
                        + " of ns, us, ms, s, m, h; write for example \"250ms\"");
    }

    static class NoFiredrill {
        @Test
        @Latency(target = "redis", delay = "1ms")
        void test() {}
    }

    @Refuse(target = "redis")
    static class NoFiredrillOnClass {
        @Test
        void test() {}
    }

    static class NoFiredrillForService {
        @ChaosService
        static final Upstream redis = ECHO;

        @Test
        void test() {}
    }

    static class NoFiredrillForParameter {
        @Test
        void test(@ServiceUri URI uri) {}
    }

    @Firedrill
    static class NoService {
        @Test
        @Latency(target = "redis", delay = "1ms")
        void test() {}
    }

    @Firedrill
    static class NoServiceForAddress {
        @Test
        void test(@ServiceUri URI uri) {}
    }

    static class NotATest extends Base {
        @BeforeEach
        @Latency(target = "redis", delay = "1ms")
        void before() {}

        @Test
        void test() {}
    }

    @Test
    void annotations_that_would_do_nothing() {
        refused(
                NoFiredrill.class,
                "@Latency on BadInputTests.NoFiredrill.test does nothing without @Firedrill: add @Firedrill to"
                        + " BadInputTests.NoFiredrill");
        refused(
                NoFiredrillOnClass.class,
                "@Refuse on BadInputTests.NoFiredrillOnClass does nothing without @Firedrill: add @Firedrill to"
                        + " BadInputTests.NoFiredrillOnClass");
        refused(
                NoFiredrillForService.class,
                "@ChaosService on BadInputTests.NoFiredrillForService.redis does nothing without @Firedrill: add"
                        + " @Firedrill to BadInputTests.NoFiredrillForService");
        refused(
                NoFiredrillForParameter.class,
                "@ServiceUri on BadInputTests.NoFiredrillForParameter.test does nothing without @Firedrill: add"
                        + " @Firedrill to BadInputTests.NoFiredrillForParameter");
        refused(
                NoService.class,
                "@Latency on BadInputTests.NoService.test has no service to act on: declare a static field with"
                        + " @ChaosService in BadInputTests.NoService");
        refused(
                NoServiceForAddress.class,
                "@ServiceUri on parameter uri of BadInputTests.NoServiceForAddress.test: there is no service: declare a"
                        + " static field with @ChaosService");
        refused(
                NotATest.class,
                "@Latency on BadInputTests.NotATest.before does nothing: the method is no test; move it to a test method"
                        + " or to the class");
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
                "@ChaosService on BadInputTests.NullService.redis is null when its class starts; assign it where it is"
                        + " declared or in a static initializer");
        refused(
                InstanceService.class,
                "@ChaosService on BadInputTests.InstanceService.redis: the field is not static; a service lives longer"
                        + " than a test instance, so declare it static");
        refused(
                WrongService.class,
                "@ChaosService on BadInputTests.WrongService.redis: java.lang.String is no server; allowed are"
                        + " dev.firedrill.LocalProcess, LocalProcess[] and dev.firedrill.Upstream");
        refused(
                BadName.class,
                "@ChaosService on BadInputTests.BadName.redis: service \"my redis\" is no name; allowed are 1 to 100"
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
                "@ServiceUri on BadInputTests.NoPort.uri: template \"redis://{host}/0\" for service redis has no {port};"
                        + " write for example \"jdbc:postgresql://{host}:{port}/shop\"");
        refused(
                NoAddress.class,
                "@ServiceUri on BadInputTests.NoAddress.port: the type java.lang.Integer is no address; allowed are"
                        + " java.net.URI, java.net.InetSocketAddress and String");
        refused(
                UnknownService.class,
                "@ServiceUri on BadInputTests.UnknownService.uri: no service is named \"reddis\"; known, the nearest first:"
                        + " redis");
        refused(
                FinalField.class,
                "@ServiceUri on BadInputTests.FinalField.uri: the field is final, so it can't be set; remove final");
    }

    static class SteadyStateWithParameter extends Base {
        @SteadyState
        boolean well(String what) {
            return true;
        }

        @Test
        void test() {}
    }

    static class InvariantOfText extends Base {
        @Invariant
        String kept() {
            return "yes";
        }

        @Test
        void test() {}
    }

    @Test
    void a_method_of_a_wrong_shape() {
        refused(
                SteadyStateWithParameter.class,
                "@SteadyState on BadInputTests.SteadyStateWithParameter.well: a method of this shape, boolean with 1"
                        + " parameters, can't be called; allowed is one without parameters that returns void or boolean,"
                        + " such as boolean well()");
        refused(
                InvariantOfText.class,
                "@Invariant on BadInputTests.InvariantOfText.kept: a method of this shape, String with 0 parameters, can't"
                        + " be called; allowed is one without parameters or with one of type"
                        + " dev.firedrill.history.History that returns void or boolean, such as boolean kept(History"
                        + " history)");
    }

    static class Plain extends Base {
        @Test
        void test() {}
    }

    @Test
    void settings_that_are_none() {
        assertThat(Kit.of(Plain.class).with("chaos.seed", "abc").failure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage(
                        "chaos.seed \"abc\" is no whole number of 64 bits; write the number that a report printed, such"
                                + " as -Dchaos.seed=8231, or leave it out for a fresh one");
        assertThat(Kit.of(Plain.class).with("chaos.engine", "warp").failure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage("chaos.engine \"warp\" is unknown; allowed are auto (the default), embedded and toxiproxy");
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

    static final Path TRACE = Path.of("target", "bad-input-was-started");

    @Firedrill
    static class BadPlanBesideAProcess {
        @ChaosService
        static final LocalProcess server =
                LocalProcess.of("sh", "-c", "touch " + TRACE.toAbsolutePath() + "; sleep 60");

        @Test
        void good() {}

        @Test
        @Kill(target = "sever")
        void bad() {}
    }

    @Test
    void nothing_is_started_before_every_plan_of_the_class_is_valid() throws IOException {
        Files.deleteIfExists(TRACE);
        refused(
                BadPlanBesideAProcess.class,
                "@Kill on BadInputTests.BadPlanBesideAProcess.bad: unknown target \"sever\"; known, the nearest first:"
                        + " server");
        assertThat(TRACE).doesNotExist();
    }

    static class NotStatic {
        @RegisterExtension
        final FiredrillExtension chaos =
                FiredrillExtension.builder().service("redis", ECHO).build();

        @Test
        void test() {}
    }

    @Test
    void an_extension_field_that_is_not_static() {
        refused(
                NotStatic.class,
                "@RegisterExtension on BadInputTests.NotStatic.chaos: the field is not static; services start before a test"
                        + " instance is there, so declare it static");
    }
}
