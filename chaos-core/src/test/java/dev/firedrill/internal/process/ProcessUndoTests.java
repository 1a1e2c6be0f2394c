package dev.firedrill.internal.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firedrill.Machine;
import dev.firedrill.spi.UndoRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessUndoTests {

    @TempDir
    Path folder;

    Path home;
    Path node;
    ProcessUndo undo;

    @BeforeEach
    void make() throws IOException {
        home = Files.createDirectory(folder.toRealPath().resolve("home"));
        node = Files.createDirectories(ProcessUndo.directory(home, "1-2-kv"));
        undo = new ProcessUndo(home);
    }

    private String removes(String directory) {
        return undo.undo(new UndoRecord("node", "remove-directory", "kv", Map.of("directory", directory)));
    }

    private String ends(Map<String, String> data) {
        return undo.undo(new UndoRecord("node", "end-process", "kv", data));
    }

    @Test
    void a_nodes_directory_is_removed_with_all_that_is_in_it() throws IOException {
        Files.createDirectories(node.resolve("data/a/b"));
        Path outside = Files.writeString(folder.resolve("outside"), "stays");
        Files.createSymbolicLink(node.resolve("data/link"), outside);
        Files.createSymbolicLink(node.resolve("data/folder"), folder);

        assertThat(removes(node.toString())).isEqualTo("removed the data of kv");
        assertThat(node).doesNotExist();
        assertThat(outside).exists();
        assertThat(removes(node.toString())).as("the second time").isEmpty();
    }

    @Test
    void no_other_directory_is_ever_removed() throws IOException {
        Path other = Files.createDirectories(folder.resolve("other/nodes/1-2-kv"));
        for (String directory : List.of(
                other.toString(),
                home.toString(),
                home.resolve("nodes").toString(),
                home.resolve("nodes/..").toString(),
                node + "/..",
                node + "/../../../other/nodes/1-2-kv",
                node.resolve("data").toString(),
                "/",
                "nodes/1-2-kv",
                "")) {
            assertThatIllegalArgumentException()
                    .as(directory)
                    .isThrownBy(() -> removes(directory))
                    .withMessageEndingWith(" is no directory of Firedrill's in " + home.resolve("nodes"));
        }
        assertThat(other).exists();
        assertThat(node).exists();
    }

    @Test
    void a_process_is_ended_by_its_id_only_if_it_started_then() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "300").start();
        try {
            String pid = String.valueOf(sleep.pid());
            String started = Processes.started(sleep.toHandle());
            for (String other : List.of("2026-01-01T00:00:00Z", "unknown", "")) {
                assertThat(ends(Map.of("home", node.toString(), "pid", pid, "started", other)))
                        .isEmpty();
            }
            assertThat(Machine.isAlive(sleep.pid())).isTrue();

            assertThat(ends(Map.of("home", node.toString(), "pid", pid, "started", started)))
                    .isEqualTo("ended kv (process " + pid + ")");
            assertThat(Machine.isAlive(sleep.pid())).isFalse();
            assertThat(ends(Map.of("home", node.toString(), "pid", pid, "started", started)))
                    .isEmpty();
        } finally {
            sleep.destroyForcibly();
        }
    }

    /** The JVM may have died before it knew the id. Redis and PostgreSQL overwrite their environment. */
    @Test
    void a_process_is_found_by_its_environment_or_its_output() throws Exception {
        ProcessBuilder byEnvironment = new ProcessBuilder("sleep", "300");
        byEnvironment.environment().put("FIREDRILL_NODE", node.toString());
        ProcessBuilder byOutput = new ProcessBuilder("sleep", "300")
                .redirectOutput(node.resolve("output.log").toFile());
        for (ProcessBuilder builder : List.of(byEnvironment, byOutput)) {
            Process bystander = new ProcessBuilder("sleep", "300")
                    .directory(node.toFile())
                    .redirectOutput(folder.resolve("elsewhere").toFile())
                    .start();
            Process process = builder.start();
            try {
                assertThat(ends(Map.of("home", node.toString()))).isEqualTo("ended kv (process " + process.pid() + ")");
                assertThat(Machine.isAlive(process.pid())).isFalse();
                assertThat(Machine.isAlive(bystander.pid())).isTrue();
            } finally {
                process.destroyForcibly();
                bystander.destroyForcibly();
            }
        }
    }

    @Test
    void a_frozen_process_is_ended_and_called_so() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "300")
                .redirectOutput(node.resolve("output.log").toFile())
                .start();
        try {
            Processes.pause(sleep.toHandle());
            assertThat(ends(Map.of("home", node.toString())))
                    .isEqualTo("ended the frozen kv (process " + sleep.pid() + ")");
            assertThat(Machine.isAlive(sleep.pid())).isFalse();
        } finally {
            sleep.destroyForcibly();
        }
    }

    @Test
    void an_action_of_a_newer_version_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> undo.undo(new UndoRecord("node", "unfreeze-disk", "kv", Map.of())))
                .withMessage("unknown action unfreeze-disk in a journal; it was written by a newer version");
    }
}
