package dev.firedrill.internal.process;

import dev.firedrill.ChaosException;
import dev.firedrill.LocalProcess;
import dev.firedrill.internal.Loopback;
import dev.firedrill.internal.NodeControl;
import dev.firedrill.internal.journal.Journal;
import dev.firedrill.schedule.Durations;
import dev.firedrill.spi.TimeSource;
import dev.firedrill.spi.UndoRecord;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A local process as a node. */
public final class ProcessControl implements NodeControl {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessControl.class);
    private static final Duration SAY_EVERY = Duration.ofSeconds(5);
    private static final int CONNECT_MILLIS = 500;

    /** At the end of a test the data is thrown away: nobody wants to wait for it to be saved. */
    private static final Duration HURRY = Duration.ofSeconds(1);

    private final String node;
    private final LocalProcess spec;
    private final Supplier<Map<String, String>> addresses;
    private final Path home;
    private final Journal journal;
    private final TimeSource time;
    private long homeEntry = -1;
    private long processEntry = -1;
    private boolean paused;
    private volatile @Nullable Process process;
    private volatile Map<Integer, Integer> realPorts = Map.of();
    private volatile String ending = "was never started";

    /**
     * A node that is not running.
     *
     * @param node its name
     * @param spec how to start it
     * @param addresses what the placeholders for other services stand for; asked at each start
     * @param home the directory for its data and its output
     * @param journal where to write how to end it
     * @param time the clock
     */
    public ProcessControl(
            String node,
            LocalProcess spec,
            Supplier<Map<String, String>> addresses,
            Path home,
            Journal journal,
            TimeSource time) {
        this.node = node;
        this.spec = spec;
        this.addresses = addresses;
        this.home = home.toAbsolutePath();
        this.journal = journal;
        this.time = time;
    }

    /**
     * Checks the placeholders before anything is started.
     *
     * @param node the node's name
     * @param spec how to start it
     * @param services the services that placeholders may name
     * @throws IllegalArgumentException if one is unknown
     */
    public static void validate(String node, LocalProcess spec, Collection<String> services) {
        Placeholders.validate(node, spec, services);
    }

    @Override
    public String start() {
        if (process != null) {
            endStrays(); // a server that crashed may have left children on the data
        }
        Map<Integer, Integer> ports = choosePorts();
        prepareHome();
        ProcessBuilder builder = builder(ports);
        // found by its marker if this JVM dies before the process id is on disk
        long marked = journal.write(endProcess(Map.of("home", home.toString())));
        try {
            Process started = builder.start();
            process = started;
            realPorts = ports;
            paused = false;
            ending = "is running";
            journal.done(processEntry);
            processEntry = journal.write(endProcess(Map.of(
                    "home", home.toString(),
                    "pid", String.valueOf(started.pid()),
                    "started", Processes.started(started.toHandle()))));
            return "process " + started.pid();
        } catch (IOException e) {
            throw new ChaosException(
                    node + " can't be started: " + e.getMessage() + "; is "
                            + builder.command().get(0)
                            + " installed and on the PATH? Give its full path in the LocalProcess",
                    e);
        } catch (RuntimeException e) {
            kill();
            throw e;
        } finally {
            journal.done(marked);
        }
    }

    private Map<Integer, Integer> choosePorts() {
        Map<Integer, Integer> chosen = new LinkedHashMap<>();
        for (int port : spec.ports()) {
            if (Placeholders.uses(spec, port)) {
                int real;
                do {
                    real = Ports.free(ProcessHandle.current().pid() * 31 + time.nanos());
                } while (chosen.containsValue(real));
                chosen.put(port, real);
            } else {
                Ports.checkFree(node, port);
                chosen.put(port, port);
            }
        }
        return Map.copyOf(chosen);
    }

    private void prepareHome() {
        if (homeEntry >= 0) {
            return;
        }
        homeEntry = journal.write(new UndoRecord(
                ProcessUndo.ENGINE, ProcessUndo.REMOVE_DIRECTORY, node, Map.of("directory", home.toString())));
        try {
            Files.createDirectories(data());
            spec.setup().prepare(data());
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new ChaosException("the data of " + node + " can't be made in " + data() + ": " + e.getMessage(), e);
        }
    }

    private Path data() {
        return home.resolve("data");
    }

    private ProcessBuilder builder(Map<Integer, Integer> ports) {
        Map<String, String> values = new HashMap<>(addresses.get());
        values.put("dir", data().toString());
        ports.forEach((port, real) -> values.put("port:" + port, String.valueOf(real)));
        if (ports.size() == 1) {
            values.put("port", String.valueOf(ports.values().iterator().next()));
        }
        List<String> command = spec.command().stream()
                .map(word -> Placeholders.fill(word, values))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(data().toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(outputFile().toFile()));
        spec.environment().forEach((name, value) -> builder.environment().put(name, Placeholders.fill(value, values)));
        builder.environment().put(Processes.MARKER, home.toString());
        return builder;
    }

    private Path outputFile() {
        return home.resolve("output.log");
    }

    private UndoRecord endProcess(Map<String, String> data) {
        return new UndoRecord(ProcessUndo.ENGINE, ProcessUndo.END_PROCESS, node, data);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the action is the end of it
    public void onEnd(Runnable action) {
        Process current = process;
        if (current != null) {
            current.onExit().thenRun(action);
        }
    }

    @Override
    public boolean isAlive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    @Override
    public boolean isReady() {
        if (!isAlive()) {
            return false;
        }
        for (Map.Entry<Integer, Integer> port : realPorts.entrySet()) {
            InetSocketAddress address = Loopback.at(port.getValue());
            if (!accepts(address) || !works(port.getKey(), address)) {
                return false;
            }
        }
        return true;
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean works(int port, InetSocketAddress address) {
        try {
            return spec.ready().look(port, address);
        } catch (Exception e) {
            return false;
        }
    }

    @Override
    public InetSocketAddress endpoint(int port) {
        Integer real = realPorts.get(port);
        if (real == null) {
            throw new ChaosException(node + " has not been started, so its port " + port + " is not known yet");
        }
        return Loopback.at(real);
    }

    @Override
    public void kill() {
        Process current = process;
        if (current != null && current.isAlive()) {
            Processes.kill(current.toHandle());
            awaitEnd(current);
            ending = "killed";
        }
        endStrays();
        journal.done(processEntry);
    }

    @Override
    public String stop() {
        return stop(spec.stopWithin());
    }

    private String stop(Duration patience) {
        Process current = process;
        if (current == null || !current.isAlive()) {
            return ending();
        }
        if (paused) {
            resume();
        }
        Set<ProcessHandle> tree = Processes.tree(current.toHandle());
        Processes.signal(spec.stopSignal(), List.of(current.toHandle()));
        try {
            if (ends(current, patience)) {
                ending = exit(current);
            } else {
                Processes.kill(current.toHandle());
                awaitEnd(current);
                ending = "did not end within " + Durations.format(patience) + " of SIG" + spec.stopSignal()
                        + " and was killed";
            }
        } catch (InterruptedException e) {
            Processes.kill(current.toHandle());
            awaitEnd(current);
            ending = "interrupted while it was stopping, and killed";
            Thread.currentThread().interrupt();
        }
        Processes.signal("KILL", tree);
        Processes.awaitGone(tree);
        endStrays();
        journal.done(processEntry);
        return ending;
    }

    private boolean ends(Process current, Duration patience) throws InterruptedException {
        long left = patience.toNanos();
        while (left > SAY_EVERY.toNanos()) {
            if (current.waitFor(SAY_EVERY.toNanos(), TimeUnit.NANOSECONDS)) {
                return true;
            }
            left -= SAY_EVERY.toNanos();
            LOG.info(
                    "{} is still stopping; it is killed in {}",
                    node,
                    Durations.format(Duration.ofMillis(left / 1_000_000)));
        }
        return current.waitFor(left, TimeUnit.NANOSECONDS);
    }

    private static void awaitEnd(Process current) {
        if (!Processes.awaitEnd(current, Duration.ofSeconds(10))) {
            throw new ChaosException("process " + current.pid() + " is still there 10 s after SIGKILL");
        }
    }

    /** What left the process's tree, by a parent that ended before it. */
    private void endStrays() {
        List<ProcessHandle> strays = Processes.of(home);
        Processes.signal("KILL", strays);
        Processes.awaitGone(strays);
    }

    @Override
    public void pause() {
        Process current = process;
        if (current == null || !current.isAlive()) {
            throw new ChaosException(node + " is not running, so it can't be frozen");
        }
        Processes.pause(current.toHandle());
        paused = true;
    }

    @Override
    public void resume() {
        Process current = process;
        if (current != null && current.isAlive()) {
            Processes.resume(current.toHandle());
        }
        paused = false;
    }

    @Override
    public String ending() {
        Process current = process;
        if (current != null && !current.isAlive() && ending.equals("is running")) {
            ending = exit(current);
        }
        return ending;
    }

    private static String exit(Process ended) {
        int code = ended.exitValue();
        return code > 128 && code < 160 ? "ended by signal " + (code - 128) : "exit code " + code;
    }

    @Override
    public List<String> output(int lines) {
        return OutputTail.of(outputFile(), lines);
    }

    @Override
    public void close() {
        if (!paused) {
            stop(spec.stopWithin().compareTo(HURRY) < 0 ? spec.stopWithin() : HURRY);
        }
        kill();
        Directories.delete(home);
        journal.done(homeEntry);
    }
}
