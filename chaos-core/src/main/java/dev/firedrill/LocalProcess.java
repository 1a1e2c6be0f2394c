package dev.firedrill;

import static java.util.Objects.requireNonNull;

import dev.firedrill.schedule.Durations;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How to start a server as a process on this machine. Immutable; each method returns a changed copy.
 *
 * <p>Placeholders in the command and the environment's values: <code>{port}</code> is a free port chosen for each start,
 * <code>{port:5672}</code> the same for one of several ports, <code>{dir}</code> a directory that Firedrill makes for the
 * node and keeps through its restarts, <code>{redis}</code> or <code>{rabbit:15672}</code> the address ({@code host:port}) of this
 * process's own link to another service. A port without a placeholder is taken as it is: the process must listen on it.
 *
 * @param command the program and its arguments
 * @param environment variables added to those of this JVM
 * @param ports the ports under which the service is known; empty to take them from the placeholders
 * @param setup prepares <code>{dir}</code> once, before the first start
 * @param ready looks whether a port that accepts connections also does its work
 * @param readyWithin how long a start may take until every port is ready
 * @param stopSignal the name of the signal for an orderly end, such as {@code TERM} or {@code INT}
 * @param stopWithin how long an orderly end may take before the process is killed
 * @since 0.1
 */
public record LocalProcess(
        List<String> command,
        Map<String, String> environment,
        List<Integer> ports,
        Setup setup,
        Ready ready,
        Duration readyWithin,
        String stopSignal,
        Duration stopWithin) {

    private static final Pattern PORT = Pattern.compile("\\{port(?::(\\d{1,5}))?}");
    private static final Pattern OTHER = Pattern.compile("\\{([A-Za-z0-9_][A-Za-z0-9_.-]*)(?::\\d{1,5})?}");
    private static final Set<String> OWN = Set.of("host", "port", "dir");
    private static final Pattern SIGNAL = Pattern.compile("[A-Z]{2,6}\\d?");

    /**
     * Prepares the directory of a node before its first start.
     *
     * @since 0.1
     */
    @FunctionalInterface
    public interface Setup {

        /**
         * Makes the data that the first start needs.
         *
         * @param directory the node's empty directory
         * @throws Exception if that fails; the node is not started then
         */
        void prepare(Path directory) throws Exception;
    }

    /**
     * Looks whether a port that accepts connections also does its work: a database may still be reading its log.
     *
     * @since 0.1
     */
    @FunctionalInterface
    public interface Ready {

        /**
         * Looks once. Asked for each port, again and again while the process starts; it bounds its own waiting to a second.
         *
         * @param port the port that the service is known under
         * @param address where it really is, past the links
         * @return false if it is not ready yet
         * @throws Exception if it is not ready yet
         */
        boolean look(int port, InetSocketAddress address) throws Exception;
    }

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the command is empty, a port is outside 1..65535 or given twice, a duration is not
     *     positive or the signal is not a signal's name
     */
    public LocalProcess {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        requireNonNull(setup, "setup");
        requireNonNull(ready, "ready");
        if (command.isEmpty() || command.get(0).isBlank()) {
            throw new IllegalArgumentException(
                    "local process: the command is empty; give a program and its arguments, such as"
                            + " LocalProcess.of(\"redis-server\", \"--port\", \"{port}\")");
        }
        ports = ports.isEmpty() ? mentionedPorts(command, environment) : List.copyOf(ports);
        for (int port : ports) {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException(
                        "local process " + command.get(0) + ": port " + port + " is outside 1..65535");
            }
        }
        if (ports.stream().distinct().count() < ports.size()) {
            throw new IllegalArgumentException(
                    "local process " + command.get(0) + ": a port is given twice in " + ports);
        }
        positive(command, "readyWithin", readyWithin);
        positive(command, "stopWithin", stopWithin);
        if (!SIGNAL.matcher(stopSignal).matches()) {
            throw new IllegalArgumentException("local process " + command.get(0) + ": stop signal \"" + stopSignal
                    + "\" is no signal's name; write for example \"TERM\" or \"INT\"");
        }
    }

    private static void positive(List<String> command, String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("local process " + command.get(0) + ": " + what + " "
                    + Durations.format(value) + " is not positive; write for example 10s");
        }
        Durations.checkLength("local process " + command.get(0) + ": " + what, value);
    }

    private static List<Integer> mentionedPorts(List<String> command, Map<String, String> environment) {
        TreeSet<Integer> ports = new TreeSet<>();
        Stream.concat(command.stream(), environment.values().stream()).forEach(text -> {
            Matcher matcher = PORT.matcher(text);
            while (matcher.find()) {
                if (matcher.group(1) != null) {
                    ports.add(Integer.valueOf(matcher.group(1)));
                }
            }
        });
        return List.copyOf(ports);
    }

    /**
     * A process with the default numbers: ready within 30 s, when every port accepts connections; ended by SIGTERM within
     * 10 s.
     *
     * @param command the program and its arguments
     * @return the process
     * @throws IllegalArgumentException if the command is empty
     */
    public static LocalProcess of(String... command) {
        return new LocalProcess(
                Arrays.asList(command),
                Map.of(),
                List.of(),
                directory -> {},
                (port, address) -> true,
                Duration.ofSeconds(30),
                "TERM",
                Duration.ofSeconds(10));
    }

    /**
     * Adds arguments at the end of the command.
     *
     * @param more the arguments, which may hold placeholders
     * @return a changed copy
     */
    public LocalProcess args(String... more) {
        List<String> changed = new ArrayList<>(command);
        changed.addAll(Arrays.asList(more));
        return new LocalProcess(changed, environment, ports, setup, ready, readyWithin, stopSignal, stopWithin);
    }

    /**
     * Names the ports under which the service is known. With one port, <code>{port}</code> stands for it.
     *
     * @param numbers the ports, such as 6379
     * @return a changed copy
     */
    public LocalProcess ports(int... numbers) {
        List<Integer> changed = Arrays.stream(numbers).boxed().toList();
        return new LocalProcess(command, environment, changed, setup, ready, readyWithin, stopSignal, stopWithin);
    }

    /**
     * Adds a variable to the process's environment.
     *
     * @param name the variable
     * @param value its value, which may hold placeholders
     * @return a changed copy
     */
    public LocalProcess env(String name, String value) {
        Map<String, String> changed = new HashMap<>(environment);
        changed.put(name, value);
        return new LocalProcess(command, changed, ports, setup, ready, readyWithin, stopSignal, stopWithin);
    }

    /**
     * Prepares <code>{dir}</code> once, before the first start; <code>initdb</code> is an example.
     *
     * @param work what makes the data
     * @return a changed copy
     */
    public LocalProcess setup(Setup work) {
        return new LocalProcess(command, environment, ports, work, ready, readyWithin, stopSignal, stopWithin);
    }

    /**
     * Asks more of a ready process than that its ports accept connections.
     *
     * @param check looks once at one port
     * @return a changed copy
     */
    public LocalProcess ready(Ready check) {
        return new LocalProcess(command, environment, ports, setup, check, readyWithin, stopSignal, stopWithin);
    }

    /**
     * Changes how long a start may take.
     *
     * @param limit until every port is ready
     * @return a changed copy
     */
    public LocalProcess readyWithin(Duration limit) {
        return new LocalProcess(command, environment, ports, setup, ready, limit, stopSignal, stopWithin);
    }

    /**
     * Changes how the process is asked to end.
     *
     * @param signal the signal's name, such as {@code INT}
     * @param limit how long it may take before it is killed
     * @return a changed copy
     */
    public LocalProcess stopsBy(String signal, Duration limit) {
        return new LocalProcess(command, environment, ports, setup, ready, readyWithin, signal, limit);
    }

    /**
     * The placeholders for links to other services, such as {@code redis} or {@code rabbit:15672}.
     *
     * @return what stands between the braces, in order of appearance
     */
    public Set<String> calls() {
        Set<String> calls = new LinkedHashSet<>();
        Stream.concat(command.stream(), environment.values().stream()).forEach(text -> {
            Matcher matcher = OTHER.matcher(text);
            while (matcher.find()) {
                if (!OWN.contains(matcher.group(1))) {
                    calls.add(text.substring(matcher.start() + 1, matcher.end() - 1));
                }
            }
        });
        return calls;
    }
}
