package dev.firedrill.benchmarks;

import dev.firedrill.junit5.ChaosService;
import dev.firedrill.junit5.Firedrill;
import dev.firedrill.junit5.ServiceUri;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.lifecycle.Startables;

/** What a test class with containers costs: a fresh JVM runs one test that reaches a server in a container. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(7)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class ContainerStartBenchmark {

    private static GenericContainer<?> redis() {
        return new GenericContainer<>("redis:7.0");
    }

    private static void reach(String host, int port) {
        try (Socket socket = new Socket(host, port)) {
            socket.getOutputStream().write(new byte[] {'P', 'I', 'N', 'G', '\r', '\n'});
            if (socket.getInputStream().read() != '+') {
                throw new IllegalStateException();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The baseline: Testcontainers alone. */
    public static class Bare {
        static final GenericContainer<?> REDIS = redis().withExposedPorts(6379);

        /** Starts it. */
        @BeforeAll
        public static void start() {
            REDIS.start();
        }

        /** Ends it. */
        @AfterAll
        public static void stop() {
            REDIS.stop();
        }

        /** Reaches it. */
        @Test
        public void test() {
            reach(REDIS.getHost(), REDIS.getMappedPort(6379));
        }
    }

    /** The same with a link. */
    @Firedrill
    public static class Linked {

        @ChaosService(port = 6379)
        static final GenericContainer<?> REDIS = redis();

        /** Reaches it. */
        @Test
        public void test(@ServiceUri URI uri) {
            reach(uri.getHost(), uri.getPort());
        }
    }

    /** The baseline for ten: Testcontainers alone, at the same time. */
    public static class BareTen {
        static final List<GenericContainer<?>> ALL = IntStream.range(0, 10)
                .<GenericContainer<?>>mapToObj(i -> redis().withExposedPorts(6379))
                .toList();

        /** Starts them. */
        @BeforeAll
        public static void start() {
            Startables.deepStart(ALL).join();
        }

        /** Ends them. */
        @AfterAll
        public static void stop() {
            ALL.parallelStream().forEach(GenericContainer::stop);
        }

        /** Reaches one of them. */
        @Test
        public void test() {
            reach(ALL.get(9).getHost(), ALL.get(9).getMappedPort(6379));
        }
    }

    /** Ten services. */
    @Firedrill
    public static class Ten {

        @ChaosService(port = 6379)
        static final GenericContainer<?> R0 = redis();

        @ChaosService(port = 6379)
        static final GenericContainer<?> R1 = redis();

        @ChaosService(port = 6379)
        static final GenericContainer<?> R2 = redis();

        @ChaosService(port = 6379)
        static final GenericContainer<?> R3 = redis();

        @ChaosService(port = 6379)
        static final GenericContainer<?> R4 = redis();

        @ChaosService(port = 6379)
        static final GenericContainer<?> R5 = redis();

        @ChaosService(port = 6379)
        static final GenericContainer<?> R6 = redis();

        @ChaosService(port = 6379)
        static final GenericContainer<?> R7 = redis();

        @ChaosService(port = 6379)
        static final GenericContainer<?> R8 = redis();

        @ChaosService(port = 6379)
        static final GenericContainer<?> R9 = redis();

        /** Reaches one of them. */
        @Test
        public void test(@ServiceUri("R9") URI uri) {
            reach(uri.getHost(), uri.getPort());
        }
    }

    /** The baseline for ten. */
    @Benchmark
    public long bareTen() {
        return Launching.run(BareTen.class);
    }

    /** The baseline. */
    @Benchmark
    public long bare() {
        return Launching.run(Bare.class);
    }

    /** The embedded engine. */
    @Benchmark
    public long embedded() {
        System.setProperty("chaos.engine", "embedded");
        return Launching.run(Linked.class);
    }

    /** Behind a Toxiproxy. */
    @Benchmark
    public long toxiproxy() {
        return Launching.run(Linked.class);
    }

    /** Ten of them behind one Toxiproxy. */
    @Benchmark
    public long ten() {
        return Launching.run(Ten.class);
    }
}
