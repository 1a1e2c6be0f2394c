package dev.firedrill.server;

import dev.firedrill.ChaosException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line of the server, with Toxiproxy's flags. */
@Command(
        name = "firedrill-server",
        description = "TCP proxies with faults, driven by Toxiproxy's HTTP API.",
        separator = "=",
        sortOptions = false)
final class Main implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger("dev.firedrill.server");

    private static final String VERSION = "toxiproxy-server version 2.12.0 (firedrill)";

    @Option(
            names = {"-host", "--host"},
            paramLabel = "<name>",
            description = "Host of the API (${DEFAULT-VALUE}).",
            defaultValue = "localhost")
    private String host = "localhost";

    @Option(
            names = {"-port", "--port"},
            paramLabel = "<number>",
            description = "Port of the API (${DEFAULT-VALUE}); 0 for any that is free.",
            defaultValue = "8474")
    private int port;

    @Option(
            names = {"-config", "--config"},
            paramLabel = "<file>",
            description = "JSON file with proxies to create at the start.")
    private String config = ""; // as it is: an empty one means none, and a Path would be the current folder then

    @Option(
            names = {"-seed", "--seed"},
            paramLabel = "<number>",
            description = "Repeats the choices of the server that printed it; a fresh one unless set.")
    private @Nullable Long seed;

    @Option(
            names = {"-proxy-metrics", "--proxy-metrics"},
            description = "Toxiproxy's; without effect, for there are no metrics.")
    private boolean proxyMetrics;

    @Option(
            names = {"-runtime-metrics", "--runtime-metrics"},
            description = "The same.")
    private boolean runtimeMetrics;

    @Option(
            names = {"-version", "--version"},
            description = "Prints the version and ends.")
    private boolean version;

    @Option(
            names = {"-h", "-help", "--help"},
            usageHelp = true,
            description = "Prints this and ends.")
    @SuppressWarnings("UnusedVariable") // it is there to be asked for
    private boolean help;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setOverwrittenOptionsAllowed(true); // the last one wins, as in Go: scripts add theirs to what is there
        CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF); // which would tell so on each start
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println("firedrill-server: " + failure.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        });
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (version) {
            System.out.println(VERSION);
            return 0;
        }
        FiredrillServer server = builder().start();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.close();
                            ended.countDown();
                        },
                        "firedrill-end"));
        if (proxyMetrics || runtimeMetrics) {
            LOG.warn(
                    "{}: this server has no metrics, and goes on without; GET /metrics will answer 404",
                    Stream.of(proxyMetrics ? "-proxy-metrics" : "", runtimeMetrics ? "-runtime-metrics" : "")
                            .filter(flag -> !flag.isEmpty())
                            .collect(Collectors.joining(", ")));
        }
        populate(server);
        LOG.info("listening on {}, seed {}", server.shown(), server.seed());
        ended.await();
        return 0;
    }

    private FiredrillServer.Builder builder() {
        FiredrillServer.Builder builder = FiredrillServer.builder();
        try {
            builder.host(host);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), "-host: " + e.getMessage(), e);
        }
        try {
            builder.port(port);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), "-port: " + e.getMessage(), e);
        }
        return seed == null ? builder : builder.seed(seed);
    }

    private CommandLine commandLine() {
        return spec == null ? new CommandLine(this) : spec.commandLine();
    }

    private void populate(FiredrillServer server) {
        if (config.isEmpty()) {
            return;
        }
        try {
            server.populate(read(Path.of(config)));
        } catch (IOException e) {
            throw new ChaosException(
                    "-config " + config + ": " + e.getMessage()
                            + "; name one that holds a list of proxies, or leave -config out",
                    e);
        } catch (ChaosException e) {
            throw new ChaosException("-config " + config + ": " + e.getMessage(), e);
        }
    }

    /** What goes wrong is said in words: the JDK's own text is the name of the file alone. */
    private static byte[] read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("it is a directory");
        }
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new IOException("this user may not read it", e);
        } catch (IOException e) {
            throw new IOException("it can't be read: " + e.getMessage(), e);
        }
    }
}
