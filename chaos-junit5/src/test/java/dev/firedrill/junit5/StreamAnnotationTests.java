package dev.firedrill.junit5;

import static dev.firedrill.junit5.BadInput.refused;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.time.Duration.ofMillis;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.Report;
import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency.Distribution;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Faults of streams and their ends by annotation. */
class StreamAnnotationTests {

    private static final Upstream ECHO = new Echo().upstream();

    @Firedrill
    abstract static class Base {

        @ChaosService
        static final Upstream echo = ECHO;

        static final List<Fault> FAULTS = new ArrayList<>();

        @ServiceUri("echo")
        InetSocketAddress address;

        @AfterEach
        void note(Report report) {
            report.steps().forEach(step -> FAULTS.add(step.step().fault()));
        }

        /** What comes back until the other side ends. */
        String said(String text) throws IOException {
            try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
                socket.setSoTimeout(5_000);
                socket.getOutputStream().write(text.getBytes(US_ASCII));
                socket.shutdownOutput();
                return new String(socket.getInputStream().readAllBytes(), US_ASCII);
            }
        }
    }

    /** The faults of a class whose tests all pass, for which each fault has to take effect. */
    private static List<Fault> faults(Class<?> type) {
        Base.FAULTS.clear();
        assertThat(Kit.failures(Kit.of(type).run())).isEmpty();
        return List.copyOf(Base.FAULTS);
    }

    static class Sparse extends Base {

        @Test
        @Slice(target = "echo", size = 2)
        void slice() throws IOException {
            assertThat(said("abcde")).isEqualTo("abcde");
        }

        @Test
        @LimitData(target = "echo", bytes = 3)
        void limit_data() throws IOException {
            assertThat(said("abcde")).isEqualTo("abc");
        }

        @Test
        @SlowClose(target = "echo", delay = "20ms")
        void slow_close() throws IOException {
            assertThat(said("abcde")).isEqualTo("abcde");
        }

        @Test
        @Disconnect(target = "echo", age = "0ms")
        void disconnect() throws IOException {
            assertThat(said("abcde")).isEmpty();
        }

        @Test
        @HalfOpen(target = "echo", lasting = "100ms")
        void half_open() {
            assertThatThrownBy(() -> said("abcde")).isInstanceOf(SocketException.class);
        }

        @Test
        @PacketLoss(target = "echo", rate = 0.3)
        void packet_loss() throws IOException {
            for (int i = 0; i < 5; i++) { // of so many pieces one is lost for sure
                assertThat(said("abcde")).isEqualTo("abcde");
            }
        }

        @Test
        @SlowConnect(target = "echo", delay = "20ms")
        void slow_connect() throws IOException {
            assertThat(said("abcde")).isEqualTo("abcde");
        }
    }

    @Test
    void each_acts_and_has_its_defaults() {
        assertThat(faults(Sparse.class))
                .containsExactlyInAnyOrder(
                        new dev.firedrill.fault.Slice(2, 0, Duration.ZERO, Direction.BOTH),
                        new dev.firedrill.fault.LimitData(3, Direction.DOWNSTREAM),
                        new dev.firedrill.fault.SlowClose(ofMillis(20), Direction.BOTH),
                        new dev.firedrill.fault.Disconnect(Duration.ZERO),
                        new dev.firedrill.fault.HalfOpen(),
                        new dev.firedrill.fault.PacketLoss(0.3, ofMillis(200), Direction.BOTH),
                        new dev.firedrill.fault.SlowConnect(ofMillis(20)));
    }

    static class Full extends Base {

        @Test
        @Latency(target = "echo", delay = "9ms", jitter = "8ms", distribution = Distribution.PARETO)
        void latency() throws IOException {
            assertThat(said("abcde")).isEqualTo("abcde");
        }

        @Test
        @Latency(target = "echo", delay = "10ms..30ms", distribution = Distribution.NORMAL)
        void latency_of_a_range() throws IOException {
            assertThat(said("abcde")).isEqualTo("abcde");
        }

        @Test
        @Slice(target = "echo", size = 2, variation = 1, delay = "5ms", direction = Direction.UPSTREAM)
        void slice() throws IOException {
            assertThat(said("abcde")).isEqualTo("abcde");
        }

        @Test
        @LimitData(target = "echo", bytes = 3, direction = Direction.UPSTREAM)
        void limit_data() throws IOException {
            assertThat(said("abcde")).isEmpty();
        }

        @Test
        @SlowClose(target = "echo", delay = "20ms", direction = Direction.UPSTREAM)
        void slow_close() throws IOException {
            assertThat(said("abcde")).isEqualTo("abcde");
        }

        @Test
        @PacketLoss(target = "echo", rate = 0.9, retransmit = "1ms", direction = Direction.UPSTREAM)
        void packet_loss() throws IOException {
            assertThat(said("abcde")).isEqualTo("abcde");
        }

        @Test
        @Blackhole(target = "echo", timeout = "50ms", direction = Direction.DOWNSTREAM)
        void blackhole() throws IOException {
            assertThat(said("abcde")).isEmpty();
        }
    }

    @Test
    void each_reads_all_its_words() {
        assertThat(faults(Full.class))
                .containsExactlyInAnyOrder(
                        latency(9, 8, Distribution.PARETO),
                        latency(20, 10, Distribution.NORMAL),
                        new dev.firedrill.fault.Slice(2, 1, ofMillis(5), Direction.UPSTREAM),
                        new dev.firedrill.fault.LimitData(3, Direction.UPSTREAM),
                        new dev.firedrill.fault.SlowClose(ofMillis(20), Direction.UPSTREAM),
                        new dev.firedrill.fault.PacketLoss(0.9, ofMillis(1), Direction.UPSTREAM),
                        new dev.firedrill.fault.Blackhole(Direction.DOWNSTREAM, ofMillis(50)));
    }

    private static Fault latency(int delay, int jitter, Distribution distribution) {
        return new dev.firedrill.fault.Latency(ofMillis(delay), ofMillis(jitter), Direction.DOWNSTREAM, distribution);
    }

    static class Several extends Base {
        @Test
        @Slice(target = "echo", size = 2)
        @Slice(target = "echo", size = 3)
        @LimitData(target = "echo", bytes = 4, direction = Direction.UPSTREAM)
        @LimitData(target = "echo", bytes = 3)
        @SlowClose(target = "echo", delay = "1ms")
        @SlowClose(target = "echo", delay = "2ms")
        @Disconnect(target = "echo", age = "20s")
        @Disconnect(target = "echo", age = "30s")
        @HalfOpen(target = "echo", nth = 8)
        @HalfOpen(target = "echo", nth = 9)
        @PacketLoss(target = "echo", rate = 0.1)
        @PacketLoss(target = "echo", rate = 0.2)
        @SlowConnect(target = "echo", delay = "1ms")
        @SlowConnect(target = "echo", delay = "2ms")
        @ExpectVerdict(Verdict.NO_EFFECT) // only one limit is the first to be reached
        void test() throws IOException {
            said("abc");
        }
    }

    @Test
    void each_may_stand_several_times() {
        assertThat(faults(Several.class).stream().map(Fault::kind).collect(joining(" ")))
                .isEqualTo("slice slice limit-data limit-data slow-close slow-close disconnect disconnect"
                        + " half-open half-open packet-loss packet-loss slow-connect slow-connect");
    }

    static class NoSize extends BadInput.Base {
        @Test
        @Slice(target = "redis", size = 0)
        void test() {}
    }

    static class Variation extends BadInput.Base {
        @Test
        @Slice(target = "redis", size = 10, variation = 10)
        void test() {}
    }

    static class SliceDelay extends BadInput.Base {
        @Test
        @Slice(target = "redis", size = 10, delay = "5")
        void test() {}
    }

    static class Bytes extends BadInput.Base {
        @Test
        @LimitData(target = "redis", bytes = -1)
        void test() {}
    }

    static class NoDelay extends BadInput.Base {
        @Test
        @SlowClose(target = "redis", delay = "")
        void test() {}
    }

    static class Age extends BadInput.Base {
        @Test
        @Disconnect(target = "redis", age = "old")
        void test() {}
    }

    static class Accepted extends BadInput.Base {
        @Test
        @SlowConnect(target = "redis", delay = "0ms")
        void test() {}
    }

    static class Rate extends BadInput.Base {
        @Test
        @PacketLoss(target = "redis", rate = 5)
        void test() {}
    }

    static class Retransmit extends BadInput.Base {
        @Test
        @PacketLoss(target = "redis", rate = 0.05, retransmit = "0ms")
        void test() {}
    }

    static class Timeout extends BadInput.Base {
        @Test
        @Blackhole(target = "redis", timeout = "-5s")
        void test() {}
    }

    @Test
    void values_out_of_bounds() {
        refused(
                NoSize.class,
                "@Slice on StreamAnnotationTests.NoSize.test: slice: size 0 would make pieces without a byte; allowed is 1"
                        + " or more bytes");
        refused(
                Variation.class,
                "@Slice on StreamAnnotationTests.Variation.test: slice: variation 10 is not less than size 10, which would"
                        + " make pieces without a byte; allowed is 0..9 bytes");
        refused(
                SliceDelay.class,
                "@Slice on StreamAnnotationTests.SliceDelay.test: delay \"5\" has no unit; allowed are a number and one of"
                        + " ns, us, ms, s, m, h; write for example \"250ms\"");
        refused(
                Bytes.class,
                "@LimitData on StreamAnnotationTests.Bytes.test: limit-data: bytes -1 is negative; allowed is 0 or more");
        refused(
                NoDelay.class,
                "@SlowClose on StreamAnnotationTests.NoDelay.test: delay \"\" is not a duration; allowed are a number and"
                        + " one of ns, us, ms, s, m, h; write for example \"250ms\"");
        refused(
                Age.class,
                "@Disconnect on StreamAnnotationTests.Age.test: age \"old\" is not a duration; allowed are a number and one"
                        + " of ns, us, ms, s, m, h; write for example \"250ms\"");
        refused(
                Accepted.class,
                "@SlowConnect on StreamAnnotationTests.Accepted.test: slow-connect: delay 0ms is not positive; allowed is more"
                        + " than 0ms");
        refused(
                Rate.class,
                "@PacketLoss on StreamAnnotationTests.Rate.test: packet-loss: rate 5.0 is not between 0 and 1; write for"
                        + " example 0.05 for one in twenty, or use blackhole to lose everything");
        refused(
                Retransmit.class,
                "@PacketLoss on StreamAnnotationTests.Retransmit.test: packet-loss: retransmit 0ms is not positive; allowed is"
                        + " more than 0ms");
        refused(
                Timeout.class,
                "@Blackhole on StreamAnnotationTests.Timeout.test: timeout \"-5s\" is negative; allowed are a number and one"
                        + " of ns, us, ms, s, m, h; write for example \"250ms\"");
    }
}
