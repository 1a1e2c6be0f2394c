package dev.firedrill.benchmarks;

import dev.firedrill.Chaos;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.spi.ActiveFault;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

/** What it costs to put a fault in force and to heal it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InjectBenchmark {

    /** How many connections are open on the link. */
    @Param({"0", "100"})
    public int connections;

    private final Fault latency = new Latency(Duration.ofMillis(300));
    private final Fault blackhole = new Blackhole();
    private final List<Socket> sockets = new ArrayList<>();
    private EchoServer server;
    private Chaos chaos;
    private Target target;

    /** Opens the connections. */
    @Setup
    public void connect() throws IOException {
        server = new EchoServer();
        chaos = Chaos.builder().reports(null).start();
        Service echo = chaos.service("echo", server.upstream());
        target = Target.of(echo);
        for (int i = 0; i < connections; i++) {
            Socket socket =
                    new Socket(echo.address().getAddress(), echo.address().getPort());
            socket.getOutputStream().write(1);
            socket.getInputStream().read();
            sockets.add(socket);
        }
    }

    /** Ends all. */
    @TearDown
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        chaos.close();
        server.close();
    }

    /** One latency. */
    @Benchmark
    public void latency() {
        chaos.inject(latency, target).heal();
    }

    /** Two faults, healed in reverse order. */
    @Benchmark
    public void two() {
        ActiveFault one = chaos.inject(latency, target);
        ActiveFault other = chaos.inject(blackhole, target);
        other.heal();
        one.heal();
    }
}
