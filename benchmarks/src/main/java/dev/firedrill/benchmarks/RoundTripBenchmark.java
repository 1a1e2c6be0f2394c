package dev.firedrill.benchmarks;

import dev.firedrill.Chaos;
import dev.firedrill.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
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

/** What a link without faults costs: 64 bytes there and back on one connection, direct and through a link. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoundTripBenchmark {

    /** The way: straight to the server, or through a link. */
    @Param({"direct", "link"})
    public String way;

    private final byte[] message = new byte[64];
    private EchoServer server;
    private Chaos chaos;
    private Socket socket;

    /** Starts the server and connects. */
    @Setup
    public void connect() throws IOException {
        server = new EchoServer();
        chaos = Chaos.builder().reports(null).start();
        Service echo = chaos.service("echo", server.upstream());
        InetSocketAddress address = way.equals("link")
                ? echo.address()
                : new InetSocketAddress(
                        InetAddress.getLoopbackAddress(),
                        server.upstream().ports().get(0));
        socket = new Socket(address.getAddress(), address.getPort());
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
