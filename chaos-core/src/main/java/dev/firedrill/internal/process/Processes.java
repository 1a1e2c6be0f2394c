package dev.firedrill.internal.process;

import dev.firedrill.ChaosException;
import dev.firedrill.internal.SystemTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Signals for processes and what they started. */
final class Processes {

    private static final Duration GONE_WITHIN = Duration.ofSeconds(10);
    private static final Duration STOPPED_WITHIN = Duration.ofSeconds(10);
    private static final Path PROC = Path.of("/proc");

    /** The variable that tells a process which node's it is. */
    static final String MARKER = "FIREDRILL_NODE";

    private Processes() {}

    /** Ends a process and its descendants at one stroke, as a power cut does. */
    static void kill(ProcessHandle root) {
        if (!isAlive(root)) {
            return;
        }
        // frozen first, so that nothing is forked while the descendants are counted
        signal("STOP", List.of(root));
        Set<ProcessHandle> tree = tree(root);
        signal("KILL", tree);
        awaitGone(tree);
    }

    static void awaitGone(Collection<ProcessHandle> handles) {
        if (!await(GONE_WITHIN, () -> handles.stream().noneMatch(Processes::isAlive))) {
            throw new ChaosException("processes "
                    + handles.stream()
                            .filter(Processes::isAlive)
                            .map(ProcessHandle::pid)
                            .toList()
                    + " are still there 10 s after SIGKILL; they hang in the kernel");
        }
    }

    static void pause(ProcessHandle root) {
        signal("STOP", List.of(root));
        Set<ProcessHandle> frozen = new LinkedHashSet<>(List.of(root));
        // a child may have been forked between the look and the signal
        for (int round = 0; round < 10; round++) {
            List<ProcessHandle> more =
                    tree(root).stream().filter(each -> !frozen.contains(each)).toList();
            if (more.isEmpty()) {
                break;
            }
            signal("STOP", more);
            frozen.addAll(more);
        }
        if (!await(STOPPED_WITHIN, () -> frozen.stream().allMatch(Processes::isStoppedOrGone))) {
            resume(root);
            throw new ChaosException("process " + root.pid() + " did not freeze on SIGSTOP within 10 s");
        }
    }

    static void resume(ProcessHandle root) {
        List<ProcessHandle> tree = new ArrayList<>(tree(root));
        Collections.reverse(tree);
        signal("CONT", tree);
    }

    static Set<ProcessHandle> tree(ProcessHandle root) {
        Set<ProcessHandle> tree = new LinkedHashSet<>();
        tree.add(root);
        root.descendants().forEach(tree::add);
        return tree;
    }

    static void signal(String name, Collection<ProcessHandle> handles) {
        // kill is a part of every shell, and as a program of its own missing from many images
        List<String> command = new ArrayList<>(List.of("sh", "-c", "kill -s \"$0\" \"$@\"", name));
        int own = command.size();
        handles.stream()
                .filter(Processes::isAlive)
                .map(ProcessHandle::pid)
                .map(String::valueOf)
                .forEach(command::add);
        if (command.size() == own) {
            return;
        }
        try {
            Process kill = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!awaitEnd(kill, Duration.ofSeconds(10))) {
                kill.destroyForcibly();
                throw new ChaosException("SIG" + name + " to " + command.subList(own, command.size())
                        + " could not be sent within 10 s");
            }
            // a process that ended meanwhile makes it fail, which is what was wanted or is seen by the caller
        } catch (IOException e) {
            throw new ChaosException(
                    "there is no shell (sh), without which processes can't be stopped, frozen or ended: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Waits for the end however often it is interrupted: healing must not be cut short by a test's time-out. */
    static boolean awaitEnd(Process process, Duration limit) {
        long end = SystemTime.CLOCK.nanos() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return process.waitFor(end - SystemTime.CLOCK.nanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether it runs; a dead process that nobody has collected yet does not. */
    static boolean isAlive(ProcessHandle handle) {
        return handle.isAlive() && state(handle.pid()) != 'Z';
    }

    private static boolean isStoppedOrGone(ProcessHandle handle) {
        char state = state(handle.pid());
        return state == 'T' || state == 't' || state == '?' || !isAlive(handle);
    }

    /** The state that Linux tells, a question mark elsewhere. */
    static char state(long pid) {
        try {
            String stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException | StringIndexOutOfBoundsException e) {
            return '?';
        }
    }

    /**
     * What a node has started: the home is in its environment, or its output goes there; only Linux tells.
     *
     * <p>Many servers overwrite their environment with a title, and some of their children send their output elsewhere.
     */
    static List<ProcessHandle> of(Path home) {
        return ProcessHandle.allProcesses()
                .filter(each -> !each.equals(ProcessHandle.current()))
                .filter(each ->
                        writesTo(home, each.pid()) || environment(each.pid()).contains(MARKER + "=" + home))
                .toList();
    }

    private static boolean writesTo(Path home, long pid) {
        return Stream.of("1", "2")
                .anyMatch(stream -> target(PROC.resolve(pid + "/fd/" + stream)).startsWith(home));
    }

    /** Empty if it is closed, gone, or somebody else's. */
    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return Path.of("");
        }
    }

    private static List<String> environment(long pid) {
        try {
            byte[] bytes = Files.readAllBytes(PROC.resolve(pid + "/environ"));
            return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The process of an id if it is the one that started then, and not a later one with the same id. */
    static Optional<ProcessHandle> find(long pid, String started) {
        return ProcessHandle.of(pid)
                .filter(handle -> handle.info()
                        .startInstant()
                        .map(Object::toString)
                        .filter(started::equals)
                        .isPresent());
    }

    static String started(ProcessHandle handle) {
        return handle.info().startInstant().map(Object::toString).orElse("unknown");
    }

    /** Waits however often it is interrupted, as {@link #awaitEnd} does. */
    static boolean await(Duration limit, BooleanSupplier reached) {
        long end = SystemTime.CLOCK.nanos() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (!reached.getAsBoolean()) {
                if (SystemTime.CLOCK.nanos() - end > 0) {
                    return false;
                }
                interrupted |= Thread.interrupted();
                LockSupport.parkNanos(2_000_000L);
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
