package dev.firedrill.internal.process;

import dev.firedrill.spi.UndoRecord;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Undoes in a later JVM what {@link ProcessControl} had written down. Safe for concurrent use. */
public final class ProcessUndo {

    static final String ENGINE = "node";
    static final String END_PROCESS = "end-process";
    static final String REMOVE_DIRECTORY = "remove-directory";
    private static final String NODES = "nodes";

    private final Path nodes;

    /**
     * Undoes what is in the journals of a folder.
     *
     * @param home the folder; what is not in it is left alone
     */
    public ProcessUndo(Path home) {
        this.nodes = home.resolve(NODES);
    }

    /**
     * The directory of a node.
     *
     * @param home the folder that its journal is in
     * @param life a name that no other node has ever had
     * @return the directory
     */
    public static Path directory(Path home, String life) {
        return home.resolve(NODES).resolve(life);
    }

    /**
     * Undoes one record; does nothing if the process is gone or its id belongs to another one now.
     *
     * @param record the record
     * @return what was done; empty if there was nothing to do
     */
    public String undo(UndoRecord record) {
        return switch (record.action()) {
            case END_PROCESS -> endProcess(record);
            case REMOVE_DIRECTORY -> removeDirectory(record);
            default ->
                throw new IllegalArgumentException(
                        "unknown action " + record.action() + " in a journal; it was written by a newer version");
        };
    }

    private String endProcess(UndoRecord record) {
        Set<ProcessHandle> found = new LinkedHashSet<>();
        Processes.find(
                        Long.parseLong(record.data().getOrDefault("pid", "-1")),
                        record.data().getOrDefault("started", ""))
                .ifPresent(found::add);
        found.addAll(Processes.of(ours(record, "home")));
        found.removeIf(each -> !Processes.isAlive(each));
        if (found.isEmpty()) {
            return "";
        }
        boolean frozen = found.stream().anyMatch(each -> Processes.state(each.pid()) == 'T');
        found.forEach(Processes::kill);
        return (frozen ? "ended the frozen " : "ended ") + record.what() + " (process "
                + found.iterator().next().pid() + ")";
    }

    private String removeDirectory(UndoRecord record) {
        Path directory = ours(record, "directory");
        List<ProcessHandle> strays = Processes.of(directory);
        strays.forEach(Processes::kill);
        return Directories.delete(directory) ? "removed the data of " + record.what() : "";
    }

    /** Never anything but what Firedrill named itself, whatever a journal says. */
    private Path ours(UndoRecord record, String key) {
        Path directory = Path.of(record.data().getOrDefault(key, "")).normalize();
        if (!nodes.equals(directory.getParent())) {
            throw new IllegalArgumentException("\"" + directory + "\" is no directory of Firedrill's in " + nodes);
        }
        return directory;
    }
}
