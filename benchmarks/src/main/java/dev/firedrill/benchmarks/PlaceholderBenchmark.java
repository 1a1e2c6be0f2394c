package dev.firedrill.benchmarks;

import org.openjdk.jmh.annotations.Benchmark;

/** Stands in for the first benchmark: shows that JMH's code is generated and found. */
public class PlaceholderBenchmark {
    /** Measures nothing, which is what JMH itself costs. */
    @Benchmark
    public void nothing() {}
}
