package dev.firedrill.server;

import dev.firedrill.ChaosException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
    private @Nullable Path config;

    @Option(
            names = {"-seed", "--seed"},
            paramLabel = "<number>",
            description = "Repeats the choices of the server that printed it; a fresh one unless set.")
    private @Nullable Long seed;

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
        populate(server);
        LOG.info(
                "listening on {}:{}, seed {}",
                server.address().getAddress().getHostAddress(),
                server.address().getPort(),
                server.seed());
        ended.await();
        return 0;
    }

    private FiredrillServer.Builder builder() {
        FiredrillServer.Builder builder = FiredrillServer.builder().host(host);
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
        Path file = config;
        if (file == null) {
            return;
        }
        try {
            server.populate(Files.readString(file));
        } catch (IOException | ChaosException e) {
            throw new ChaosException("-config " + file + ": " + e.getMessage(), e);
        }
    }
}
