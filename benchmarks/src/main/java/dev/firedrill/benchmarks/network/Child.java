package dev.firedrill.benchmarks.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that we started, and what the kernel says about it. */
final class Child implements AutoCloseable {

    private static final int USER_TICKS = 11; // fields of /proc/PID/stat, counted from behind the name
    private static final int SYSTEM_TICKS = 12;

    private final Process process;
    private final Thread end;
    private final BufferedReader output;
    private final BufferedWriter input;
    private final double millisPerTick;

    private Child(Process process, int ticksPerSecond) {
        this.process = process;
        this.millisPerTick = 1_000.0 / ticksPerSecond;
        this.output = process.inputReader(UTF_8);
        this.input = process.outputWriter(UTF_8);
        end = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(end);
    }

    /** One that is talked to over its input and output. */
    static Child talking(Setting setting, List<String> command) throws IOException {
        return new Child(
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start(),
                setting.ticksPerSecond());
    }

    /** One that nobody listens to. */
    static Child silent(Setting setting, List<String> command) throws IOException {
        return new Child(
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start(),
                setting.ticksPerSecond());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String ask(String order) throws IOException {
        input.write(order);
        input.newLine();
        input.flush();
        return answer();
    }

    String answer() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException(
                    "the process ended: " + process.info().command().orElse("unknown"));
        }
        return line;
    }

    /** Of all its threads, also those that have ended. */
    double cpuMillis() throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) * millisPerTick;
    }

    double residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(end);
    }
}
