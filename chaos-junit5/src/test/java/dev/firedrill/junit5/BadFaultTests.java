package dev.firedrill.junit5;

import static dev.firedrill.junit5.BadInput.ECHO;
import static dev.firedrill.junit5.BadInput.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.LocalProcess;
import dev.firedrill.Upstream;
import dev.firedrill.fault.Latency.Distribution;
import dev.firedrill.junit5.BadInput.Base;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The exact text for faults that can't be injected; nothing is started before. */
class BadFaultTests {

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
                "@Latency on BadFaultTests.UnknownTarget.test: unknown target \"postgre\"; known, the nearest first:"
                        + " postgres, redis");
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

    static class RangeOfPareto extends Base {
        @Test
        @Latency(target = "redis", delay = "100ms..300ms", distribution = Distribution.PARETO)
        void test() {}
    }

    static class NothingToSpread extends Base {
        @Test
        @Latency(target = "redis", delay = "100ms", distribution = Distribution.NORMAL)
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

    static class Lifetimes extends Base {
        @Test
        @Refuse(target = "redis", every = "2000000h", times = 3)
        void test() {}
    }

    static class TwoLifetimes extends Base {
        @Test
        @Refuse(target = "redis", after = "800000h", lasting = "800000h")
        void test() {}
    }

    static class WithinAlone extends Base {
        @Test
        @Refuse(target = "redis", within = "5s")
        void test() {}
    }

    static class OnNothing extends Base {
        @Test
        @Refuse(target = "redis", on = " ")
        void test() {}
    }

    static class LargeRate extends Base {
        @Test
        @Bandwidth(target = "redis", rate = "999999999999GB/s")
        void test() {}
    }

    @Test
    void values_out_of_bounds() {
        refused(
                Lifetimes.class,
                "@Refuse on BadFaultTests.Lifetimes.test: every \"2000000h\" is longer than 876000h, which is 100 years; use"
                        + " a shorter duration");
        refused(
                TwoLifetimes.class,
                "@Refuse on BadFaultTests.TwoLifetimes.test: after 2880000000s and lasting 2880000000s together come to"
                        + " 1600000h; allowed is up to 876000h");
        refused(
                WithinAlone.class,
                "@Refuse on BadFaultTests.WithinAlone.test: within \"5s\" needs on: say which trigger is waited for, such as"
                        + " on = \"written\", or remove it");
        refused(
                OnNothing.class,
                "@Refuse on BadFaultTests.OnNothing.test: on \" \" is blank; give the name that the body passes to"
                        + " Drill.trigger, or remove it");
        refused(
                LargeRate.class,
                "@Bandwidth on BadFaultTests.LargeRate.test: rate \"999999999999GB/s\" is too large; allowed is up to"
                        + " 9223372036GB/s, and a link without a limit needs no fault");
        refused(
                NoUnit.class,
                "@Latency on BadFaultTests.NoUnit.test: delay \"300\" has no unit; allowed are a number and one of ns, us,"
                        + " ms, s, m, h; write for example \"250ms\"");
        refused(
                Negative.class,
                "@Kill on BadFaultTests.Negative.test: after \"-1s\" is negative; allowed are a number and one of ns, us,"
                        + " ms, s, m, h; write for example \"250ms\"");
        refused(
                Jitter.class,
                "@Latency on BadFaultTests.Jitter.test: latency: jitter 200ms is larger than delay 100ms, which would"
                        + " deliver before the message was sent; allowed is 0ms..100ms");
        refused(
                RangeAndJitter.class,
                "@Latency on BadFaultTests.RangeAndJitter.test: delay \"100ms..300ms\" and jitter \"20ms\" exclude each"
                        + " other: a range says how far delays deviate; keep one of them");
        refused(
                RangeOfPareto.class,
                "@Latency on BadFaultTests.RangeOfPareto.test: delay \"100ms..300ms\" and distribution PARETO exclude each"
                        + " other: it has delays far behind the range; give the mean as delay and say with jitter how far"
                        + " below it they begin");
        refused(
                NothingToSpread.class,
                "@Latency on BadFaultTests.NothingToSpread.test: latency: distribution NORMAL has no jitter to spread, so that"
                        + " all delays were the same; give a jitter of more than 0ms, at most the delay");
        refused(
                Probability.class,
                "@Latency on BadFaultTests.Probability.test: probability 1.5 is outside 0..1; write for example 0.05 for"
                        + " one in twenty");
        refused(
                EveryWithoutEnd.class,
                "@Refuse on BadFaultTests.EveryWithoutEnd.test: every 1s has no end; say how often with times, such as"
                        + " times = 3");
        refused(
                TimesWithoutEvery.class,
                "@Refuse on BadFaultTests.TimesWithoutEvery.test: times 3 needs every: say how far apart the occurrences"
                        + " begin, such as every = \"1s\"");
        refused(
                Rate.class,
                "@Bandwidth on BadFaultTests.Rate.test: rate \"64\" is not a whole number with one of the units B/s, KB/s,"
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
                @Pause on BadFaultTests.Foreign.test: no engine can make pause on redis:
                  embedded: the embedded proxy carries links only; pause acts on a node and needs an engine that holds it, \
                such as the one of a service that Firedrill starts
                  node: redis is somebody else's server, which Firedrill did not start and will not pause; declare it as a \
                LocalProcess or a container, or use a link fault such as blackhole or reset-peer""");
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
                "@Kill on BadFaultTests.BadPlanBesideAProcess.bad: unknown target \"sever\"; known, the nearest first:"
                        + " server");
        assertThat(TRACE).doesNotExist();
    }
}
