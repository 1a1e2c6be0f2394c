package dev.firedrill.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server as users start it: {@code java -jar firedrill-server.jar}. */
final class Program implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("listening on (\\S+):([0-9]+), seed (-?[0-9]+)");
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread reader;
    private final StringBuilder seen = new StringBuilder();

    private Program(Process process) {
        this.process = process;
        reader = new Thread(this::read, "program-output");
        reader.setDaemon(true);
        reader.start();
    }

    static Program start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("target", "firedrill-server.jar").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        return new Program(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            in.lines().forEach(lines::add);
        } catch (IOException | java.io.UncheckedIOException e) {
            return; // ended
        }
    }

    /** The line that says where it listens. */
    Matcher listening() throws InterruptedException {
        for (String line = next(); line != null; line = next()) {
            seen.append(line).append('\n');
            Matcher found = LISTENING.matcher(line);
            if (found.find()) {
                return found;
            }
        }
        throw new AssertionError("the server did not say where it listens; it said\n" + seen);
    }

    /** What it has said until {@link #listening()} came back. */
    String seen() {
        return seen.toString();
    }

    private String next() throws InterruptedException {
        return lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    int port() throws InterruptedException {
        return Integer.parseInt(listening().group(2));
    }

    Process process() {
        return process;
    }

    /** All that it says until it ends. */
    String output() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the server did not end");
        }
        reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
