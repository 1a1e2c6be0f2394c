package dev.firedrill.internal.process;

import dev.firedrill.spi.UndoRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Undoes in a later JVM what {@link ProcessControl} had written down. */
public final class ProcessUndo {

    static final String ENGINE = "node";
    static final String END_PROCESS = "end-process";
    static final String REMOVE_DIRECTORY = "remove-directory";

    private ProcessUndo() {}

    /**
     * Undoes one record; does nothing if the process is gone or its id belongs to another one now.
     *
     * @param record the record
     * @return what was done; empty if there was nothing to do
     */
    public static String undo(UndoRecord record) {
        return switch (record.action()) {
            case END_PROCESS -> endProcess(record);
            case REMOVE_DIRECTORY -> removeDirectory(record);
            default ->
                throw new IllegalArgumentException(
                        "unknown action " + record.action() + " in a journal; it was written by a newer version");
        };
    }

    private static String endProcess(UndoRecord record) {
        String marker = record.data().get("marker");
        List<ProcessHandle> found;
        if (marker == null) {
            Optional<ProcessHandle> process = Processes.find(
                    Long.parseLong(record.data().getOrDefault("pid", "-1")),
                    record.data().getOrDefault("started", ""));
            found = process.filter(Processes::isAlive).map(List::of).orElse(List.of());
        } else {
            found = Processes.marked(ProcessControl.MARKER, marker);
        }
        if (found.isEmpty()) {
            return "";
        }
        boolean frozen = found.stream().anyMatch(each -> Processes.state(each.pid()) == 'T');
        found.forEach(Processes::kill);
        return (frozen ? "ended the frozen " : "ended ") + record.what() + " (process "
                + found.get(0).pid() + ")";
    }

    private static String removeDirectory(UndoRecord record) {
        Path directory = Path.of(record.data().getOrDefault("directory", ""));
        // never anything but what Firedrill named: nodes/<pid>-<time>-<node>
        if (directory.getParent() == null
                || !String.valueOf(directory.getParent().getFileName()).equals("nodes")) {
            throw new IllegalArgumentException("\"" + directory + "\" is no directory of Firedrill's");
        }
        List<ProcessHandle> strays = Processes.marked(ProcessControl.MARKER, directory.toString());
        strays.forEach(Processes::kill);
        return Directories.delete(directory) ? "removed the data of " + record.what() : "";
    }
}
