package dev.firedrill.benchmarks;

import dev.firedrill.Upstream;
import dev.firedrill.junit5.ChaosService;
import dev.firedrill.junit5.Firedrill;
import dev.firedrill.junit5.ServiceUri;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/** What the first test class costs: a fresh JVM runs one empty test, plain and as a fire drill with one link. */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(20)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class StartBenchmark {

    /** The baseline. */
    public static class Plain {
        /** Does nothing. */
        @Test
        public void test() {}
    }

    /** The same with a link. */
    @Firedrill
    public static class OneLink {

        @ChaosService
        static final Upstream ECHO = Upstream.at("127.0.0.1", 9);

        /** Takes the link's address. */
        @Test
        public void test(@ServiceUri URI uri) {
            if (uri.getPort() <= 0) {
                throw new IllegalStateException();
            }
        }
    }

    /** The baseline. */
    @Benchmark
    public long plain() {
        return Launching.run(Plain.class);
    }

    /** The extension and its first link. */
    @Benchmark
    public long firstLink() {
        return Launching.run(OneLink.class);
    }
}
