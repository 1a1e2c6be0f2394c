package dev.firedrill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this Linux machine says of processes, ports and files, past everything that Firedrill believes. */
public final class Machine {

    private Machine() {}

    /** The state of a process as {@code ps} shows it; X if there is none. */
    public static char state(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            return stat.charAt(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return 'X';
        }
    }

    /** A dead process that its parent has not collected is not alive. */
    public static boolean isAlive(long pid) {
        return "XZ".indexOf(state(pid)) < 0;
    }

    public static List<Long> tree(long pid) {
        return ProcessHandle.of(pid)
                .map(root -> Stream.concat(Stream.of(root), root.descendants()))
                .orElse(Stream.empty())
                .map(ProcessHandle::pid)
                .toList();
    }

    /** The processes that have a text in their command line, other than this JVM. */
    public static List<Long> mentioning(String text) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> pid != ProcessHandle.current().pid())
                .filter(pid -> commandLine(pid).contains(text))
                .toList();
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.ISO_8859_1)
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    /** The processes that work in a directory or have a file of it open, other than this JVM. */
    public static List<Long> in(Path directory) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> pid != ProcessHandle.current().pid())
                .filter(pid -> uses(Path.of("/proc/" + pid), directory))
                .toList();
    }

    private static boolean uses(Path process, Path directory) {
        try {
            return target(process.resolve("cwd")).startsWith(directory.toString())
                    || links(process.resolve("fd")).stream().anyMatch(each -> each.startsWith(directory.toString()));
        } catch (UncheckedIOException e) {
            return false; // it is gone
        }
    }

    /** The process of a node's current life. */
    public static long pid(Node node) {
        List<Incarnation> lives = node.incarnations();
        return Long.parseLong(lives.get(lives.size() - 1).id().substring("process ".length()));
    }

    /** The ports on which this JVM listens. */
    public static Set<Integer> listening() {
        Set<String> mine = links(Path.of("/proc/self/fd"));
        Set<Integer> ports = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : lines(Path.of("/proc/self/net/" + table))) {
                String[] words = line.strip().split("\\s+", -1);
                if (words[3].equals("0A") && mine.contains("socket:[" + words[9] + "]")) {
                    ports.add(Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1), 16));
                }
            }
        }
        return ports;
    }

    private static Set<String> links(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(Machine::target).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** What nodes have left in a home. */
    public static List<String> directories(Path home) {
        return names(home.resolve("nodes"));
    }

    public static List<String> journals(Path home) {
        return names(home).stream().filter(name -> name.startsWith("journal-")).toList();
    }

    /** The lines of all journals that say what is still to be undone. */
    public static List<String> toUndo(Path home) {
        List<String> open = new ArrayList<>();
        for (String journal : journals(home)) {
            for (String line : lines(home.resolve(journal))) {
                if (line.startsWith("{\"done\":")) {
                    String id = "{\"id\":" + line.replaceAll("\\D", "") + ",";
                    open.removeIf(each -> each.startsWith(id));
                } else if (line.startsWith("{\"id\":")) {
                    open.add(line);
                }
            }
        }
        return open;
    }

    private static List<String> names(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
