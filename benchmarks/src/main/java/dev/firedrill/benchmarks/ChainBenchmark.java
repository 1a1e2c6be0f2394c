package dev.firedrill.benchmarks;

import dev.firedrill.Chaos;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Latency;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a chain of faults costs that delay nothing: 64 bytes there and back on one connection. {@code -prof gc} says what a
 * message allocates.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChainBenchmark {

    /** How many faults are in force. */
    @Param({"0", "1", "3", "5"})
    public int faults;

    private final byte[] message = new byte[64];
    private EchoServer server;
    private Chaos chaos;
    private Socket socket;

    /** Starts the server, injects the faults and connects. */
    @Setup
    public void connect() throws IOException {
        server = new EchoServer();
        chaos = Chaos.builder().reports(null).start();
        Service echo = chaos.service("echo", server.upstream());
        for (int i = 0; i < faults; i++) {
            chaos.inject(new Latency(Duration.ZERO, Duration.ZERO, Direction.BOTH), Target.of(echo));
        }
        socket = new Socket(echo.address().getAddress(), echo.address().getPort());
        socket.setTcpNoDelay(true);
    }

    /** Ends all. */
    @TearDown
    public void close() throws IOException {
        socket.close();
        chaos.close();
        server.close();
    }

    /** One exchange. */
    @Benchmark
    public int exchange() throws IOException {
        socket.getOutputStream().write(message);
        return socket.getInputStream().readNBytes(message, 0, message.length);
    }
}
