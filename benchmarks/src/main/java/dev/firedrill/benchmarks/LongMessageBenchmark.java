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

/** A reply of a hundred thousand small parts: coming in pieces it is to cost little more than coming at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LongMessageBenchmark {

    private static final int PARTS = 100_000;

    /** The protocol. */
    @Param({"resp", "http"})
    public String framing;

    /** In how many reads it comes. */
    @Param({"1", "16", "1000"})
    public int reads;

    private byte[] reply;
    private Framer.Conversation conversation;

    /** Begins in the middle of a conversation. */
    @Setup
    public void open() {
        String text = framing.equals("resp")
                ? "*" + PARTS + "\r\n" + "$1\r\na\r\n".repeat(PARTS)
                : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "2\r\nab\r\n".repeat(PARTS) + "0\r\n\r\n";
        reply = text.getBytes(ISO_8859_1);
        conversation = Framers.named(framing).open(false);
        if (reply() != reply.length) {
            throw new IllegalStateException(framing + " reads something else");
        }
    }

    /** One reply. */
    @Benchmark
    public int reply() {
        int seen = 0;
        for (int i = 1; i <= reads; i++) {
            int shown = (int) ((long) reply.length * i / reads);
            Framer.Frame frame = conversation.next(Direction.DOWNSTREAM, ByteBuffer.wrap(reply, 0, shown), seen);
            if (frame != null) {
                return frame.length();
            }
            seen = shown;
        }
        return 0;
    }
}
