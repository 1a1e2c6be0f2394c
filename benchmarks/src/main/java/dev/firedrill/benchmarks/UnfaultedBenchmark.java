package dev.firedrill.benchmarks;

import dev.firedrill.junit5.Firedrill;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** What the extension costs tests without a fault: 200 of them, plain and under {@code @Firedrill}. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(5)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class UnfaultedBenchmark {

    private static final int TESTS = 200;

    /** The baseline. */
    public static class Plain {
        /** Some work, as little as a unit test does. */
        @RepeatedTest(TESTS)
        public void test() {
            work();
        }
    }

    /** The same under the extension. */
    @Firedrill
    public static class Drilled {
        /** The same work. */
        @RepeatedTest(TESTS)
        public void test() {
            work();
        }
    }

    private static void work() {
        org.openjdk.jmh.infra.Blackhole.consumeCPU(250_000);
    }

    /** The baseline. */
    @Benchmark
    public long plain() {
        return Launching.run(Plain.class);
    }

    /** With the extension registered. */
    @Benchmark
    public long drilled() {
        return Launching.run(Drilled.class);
    }
}
