package dev.firedrill.benchmarks;

import dev.firedrill.Chaos;
import dev.firedrill.ServiceContainer;
import dev.firedrill.Target;
import dev.firedrill.fault.Latency;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.testcontainers.containers.GenericContainer;

/** What it costs to put a fault in force by a real Toxiproxy and to heal it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ContainerInjectBenchmark {

    private final Latency latency = new Latency(Duration.ofMillis(300));
    private Chaos chaos;
    private Target target;

    /** Starts the container. */
    @Setup
    public void start() {
        chaos = Chaos.builder().reports(null).start();
        target = Target.of(chaos.service(
                "redis",
                ServiceContainer.of(new GenericContainer<>("redis:7.0")).ports(6379)));
    }

    /** Ends all. */
    @TearDown
    public void close() {
        chaos.close();
    }

    /** One latency. */
    @Benchmark
    public void toxic() {
        chaos.inject(latency, target).heal();
    }
}
