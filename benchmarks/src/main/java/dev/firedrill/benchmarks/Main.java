package dev.firedrill.benchmarks;

import java.io.PrintStream;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Runs JMH with its own arguments, and sets what is ours against its baseline of the same run. */
public final class Main {

    private final Collection<RunResult> results;
    private final PrintStream out;

    private Main(Collection<RunResult> results, PrintStream out) {
        this.results = results;
        this.out = out;
    }

    /**
     * Runs the benchmarks.
     *
     * @param arguments as of JMH
     * @throws Exception if JMH can't run them
     */
    public static void main(String[] arguments) throws Exception {
        CommandLineOptions options;
        try {
            options = new CommandLineOptions(arguments);
        } catch (CommandLineOptionException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        if (options.shouldHelp() || options.shouldList()) {
            org.openjdk.jmh.Main.main(arguments);
            return;
        }
        run(options);
    }

    private static void run(CommandLineOptions options) throws RunnerException {
        new Main(new Runner(options).run(), System.out).print();
    }

    private void print() {
        out.println();
        out.println("Against the baseline of this run");
        ratio("a link without faults", "RoundTripBenchmark.exchange:link", "RoundTripBenchmark.exchange:direct");
        ratio("five faults that delay nothing, to none", "ChainBenchmark.exchange:5", "ChainBenchmark.exchange:0");
        ratio("200 tests without a fault under @Firedrill", "UnfaultedBenchmark.drilled", "UnfaultedBenchmark.plain");
        difference(
                "the extension and its first link, allowed are 300 ms",
                "StartBenchmark.firstLink",
                "StartBenchmark.plain");
        bound("inject and heal, allowed are 5 ms", "InjectBenchmark.latency:0");
        bound("the same with 100 open connections", "InjectBenchmark.latency:100");
        difference(
                "a container on the embedded engine, allowed are 300 ms",
                "ContainerStartBenchmark.embedded",
                "ContainerStartBenchmark.bare");
        difference(
                "a container behind Toxiproxy, allowed are 2500 ms",
                "ContainerStartBenchmark.toxiproxy",
                "ContainerStartBenchmark.bare");
        ratio(
                "ten containers to one, allowed are 2",
                "ContainerStartBenchmark.ten",
                "ContainerStartBenchmark.toxiproxy");
        bound("inject and heal by Toxiproxy, allowed are 30 ms", "ContainerInjectBenchmark.toxic");
    }

    private void ratio(String what, String ours, String baseline) {
        score(ours)
                .ifPresent(one -> score(baseline)
                        .ifPresent(other -> line(
                                what,
                                String.format(
                                        Locale.ROOT, "%.2f x (%.2f : %.2f %s)", one / other, one, other, unit(ours)))));
    }

    private void difference(String what, String ours, String baseline) {
        score(ours)
                .ifPresent(one -> score(baseline)
                        .ifPresent(other -> line(
                                what,
                                String.format(
                                        Locale.ROOT, "+%.0f %s (%.0f : %.0f)", one - other, unit(ours), one, other))));
    }

    private void bound(String what, String ours) {
        score(ours).ifPresent(one -> line(what, String.format(Locale.ROOT, "%.3f %s", one, unit(ours))));
    }

    private void line(String what, String value) {
        out.printf(Locale.ROOT, "  %-52s %s%n", what, value);
    }

    private Optional<Double> score(String name) {
        return find(name).map(result -> result.getPrimaryResult().getScore());
    }

    private String unit(String name) {
        return find(name)
                .map(result -> result.getPrimaryResult().getScoreUnit().replace("/op", ""))
                .orElse("");
    }

    /** By method, or method and the value of its parameter. */
    private Optional<RunResult> find(String name) {
        String[] parts = name.split(":", -1);
        return results.stream()
                .filter(result -> result.getParams().getBenchmark().endsWith("." + parts[0]))
                .filter(result -> parts.length == 1
                        || result.getParams().getParamsKeys().stream()
                                .anyMatch(
                                        key -> result.getParams().getParam(key).equals(parts[1])))
                .findFirst();
    }
}
