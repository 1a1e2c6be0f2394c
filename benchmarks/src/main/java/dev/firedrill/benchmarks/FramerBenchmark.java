package dev.firedrill.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.firedrill.fault.Direction;
import dev.firedrill.internal.message.Framers;
import dev.firedrill.spi.Framer;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it takes to tell where a message ends: a request with 64 bytes in it, and a short reply. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FramerBenchmark {

    private static final String BODY = "0123456789abcdef".repeat(4);

    /** The protocol. */
    @Param({"resp", "postgresql", "http", "amqp", "line", "length:4"})
    public String framing;

    private ByteBuffer request;
    private ByteBuffer reply;
    private Framer.Conversation conversation;

    /** Begins in the middle of a conversation. */
    @Setup
    public void open() {
        switch (framing) {
            case "resp" -> says("*3\r\n$3\r\nSET\r\n$4\r\ncart\r\n$64\r\n" + BODY + "\r\n", "+OK\r\n");
            case "postgresql" -> says("Q\0\0\0\105" + BODY + "\0", "Z\0\0\0\5I");
            case "http" ->
                says(
                        "POST /cart HTTP/1.1\r\nHost: orders\r\nContent-Length: 64\r\n\r\n" + BODY,
                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            case "amqp" -> says(ack(), ack());
            case "line" -> says(BODY + "\n", "ok\n");
            default -> says("\0\0\0\100" + BODY, "\0\0\0\2ok");
        }
        conversation = Framers.named(framing).open(false);
        if (exchange() != request.limit() + reply.limit()) {
            throw new IllegalStateException(framing + " reads something else");
        }
    }

    /** A frame of a method, which has no body: one of 64 bytes takes three frames. */
    private static String ack() {
        return "\1\0\1\0\0\0\15\0\74\0\120\0\0\0\0\0\0\0\1\0\316";
    }

    private void says(String asked, String answered) {
        request = ByteBuffer.wrap(asked.getBytes(ISO_8859_1)).asReadOnlyBuffer();
        reply = ByteBuffer.wrap(answered.getBytes(ISO_8859_1)).asReadOnlyBuffer();
    }

    /** A request and its reply. */
    @Benchmark
    public int exchange() {
        return length(Direction.UPSTREAM, request) + length(Direction.DOWNSTREAM, reply);
    }

    private int length(Direction direction, ByteBuffer bytes) {
        Framer.Frame frame = conversation.next(direction, bytes, 0);
        return frame == null ? 0 : frame.length();
    }
}
