package dev.firedrill.internal.journal;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.firedrill.Chaos;
import dev.firedrill.ChaosException;
import dev.firedrill.JavaProgram;
import dev.firedrill.internal.SystemTime;
import dev.firedrill.spi.UndoRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTests {

    private static final String HEAD = "{\"pid\":4711,\"started\":\"2026-11-24T05:00:00Z\"}\n";

    @TempDir
    Path home;

    private static UndoRecord record(String what) {
        return new UndoRecord("node", "end-process", what, Map.of("pid", "1"));
    }

    private static String line(int id, String what) {
        return "{\"id\":" + id + ",\"engine\":\"node\",\"action\":\"end-process\",\"what\":\"" + what
                + "\",\"data\":{\"pid\":\"1\"}}\n";
    }

    private Path left(String name, String content) throws IOException {
        return Files.writeString(home.resolve("journal-" + name + ".jsonl"), content);
    }

    private List<String> recover() {
        return Journal.recover(home, record -> "ended " + record.what());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.toList();
        }
    }

    @Test
    void how_to_undo_is_on_disk_when_write_returns_and_done_takes_it_back() throws IOException {
        try (Journal journal = Journal.open(home, SystemTime.CLOCK)) {
            long first = journal.write(record("redis"));
            Path file = files().get(0);
            assertThat(file).content().endsWith("""
                            {"id":1,"engine":"node","action":"end-process","what":"redis","data":{"pid":"1"}}
                            """);
            journal.done(first);
            journal.done(first);
            assertThat(file).content().endsWith("}}\n{\"done\":1}\n");
            assertThat(journal.write(UndoRecord.DIES_WITH_JVM)).isEqualTo(-1);
        }
        assertThat(files()).as("nothing is left to undo").isEmpty();
    }

    @Test
    void a_file_with_something_to_undo_stays_when_its_journal_is_closed() throws IOException {
        Journal journal = Journal.open(home, SystemTime.CLOCK);
        journal.write(record("redis"));
        journal.close();
        assertThat(files()).hasSize(1);
    }

    @Test
    void what_is_left_is_undone_newest_first_and_the_file_goes() throws IOException {
        left("1-2-0", HEAD + line(1, "a") + line(2, "b") + "{\"done\":1}\n" + line(3, "c"));
        String owner = ", left by process 4711 that started 2026-11-24T05:00:00Z";
        assertThat(recover()).containsExactly("ended c" + owner, "ended b" + owner);
        assertThat(files()).isEmpty();
    }

    @Test
    void what_needed_no_undoing_is_not_mentioned() throws IOException {
        left("1-2-0", HEAD + line(1, "a"));
        assertThat(Journal.recover(home, record -> "")).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void a_torn_last_line_was_never_acted_upon_and_is_passed_over() throws IOException {
        for (int length = 1; length < line(2, "b").length() - 1; length++) {
            left("1-2-0", HEAD + line(1, "a") + line(2, "b").substring(0, length));
            assertThat(recover()).as("torn after " + length).hasSize(1).allMatch(each -> each.startsWith("ended a, "));
        }
        for (String nothing : List.of("", HEAD.substring(0, 9), "\n\n", "\0\0\0\0")) {
            left("1-2-0", nothing);
            assertThat(recover()).isEmpty();
        }
        assertThat(files()).isEmpty();
    }

    /** Regression: what was noted after a torn line was swallowed by it. */
    @Test
    void what_was_undone_before_a_failure_is_not_undone_again_even_after_a_torn_line() throws IOException {
        left("1-2-0", HEAD + line(1, "stubborn") + line(2, "b") + "{\"id\":3,\"eng");
        List<String> undone = new ArrayList<>();
        for (int start = 0; start < 3; start++) {
            List<String> lines = Journal.recover(home, record -> {
                undone.add(record.what());
                if (record.what().equals("stubborn")) {
                    throw new ChaosException("it hangs");
                }
                return "ended " + record.what();
            });
            assertThat(lines)
                    .contains("could not undo end-process of stubborn, left by process 4711 that started"
                            + " 2026-11-24T05:00:00Z: it hangs; the next start tries again");
        }
        assertThat(undone).containsExactly("b", "stubborn", "stubborn", "stubborn");
        assertThat(files()).hasSize(1);
    }

    @Test
    void what_another_class_loader_of_this_jvm_is_undoing_is_left_to_it() throws IOException {
        left("1-2-0", HEAD + line(1, "a"));
        Path file = files().get(0);
        try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(other.tryLock()).isNotNull();
            assertThat(recover()).isEmpty();
        }
        assertThat(files()).containsExactly(file);
    }

    @Test
    void an_unknown_engine_is_said_and_left_for_a_start_that_knows_it() throws IOException {
        left("1-2-0", HEAD + line(1, "redis").replace("\"node\"", "\"toaster\""));
        for (int start = 0; start < 2; start++) {
            try (Chaos chaos = Chaos.builder().home(home).reports(null).start()) {
                assertThat(chaos.leftovers())
                        .containsExactly("could not undo end-process of redis, left by process 4711 that started"
                                + " 2026-11-24T05:00:00Z: no engine named toaster is here to undo redis; the next start tries"
                                + " again");
            }
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void two_journals_of_one_jvm_do_not_disturb_each_other() throws IOException {
        try (Journal one = Journal.open(home, SystemTime.CLOCK);
                Journal other = Journal.open(home, SystemTime.CLOCK)) {
            one.write(record("a"));
            other.write(record("b"));
            assertThat(recover()).isEmpty();
            assertThat(files()).hasSize(2);
        }
    }

    @Test
    void a_journal_that_a_live_jvm_holds_is_left_alone_and_an_orphan_is_not() throws Exception {
        left("1-2-0", HEAD + line(1, "orphan"));
        try (JavaProgram holder = JavaProgram.start(
                home.resolve("output"), JavaProgram.command(JournalProgram.class, "hold", home.toString()))) {
            await().atMost(ofSeconds(30)).until(() -> holder.said("ready"));
            assertThat(recover()).hasSize(1).allMatch(each -> each.startsWith("ended orphan, "));
            assertThat(recover()).isEmpty();

            holder.kill();
            holder.awaitEnd(ofSeconds(10));
            assertThat(recover())
                    .hasSize(1)
                    .allMatch(
                            each -> each.startsWith("ended held, left by process " + holder.pid() + " that started "));
        }
    }

    /** Regression: an interrupted thread closed the file, and the lock went with it. */
    @Test
    void an_interrupted_thread_does_not_lose_the_lock() throws Exception {
        try (JavaProgram holder = JavaProgram.start(
                home.resolve("output"), JavaProgram.command(JournalProgram.class, "interrupted", home.toString()))) {
            await().atMost(ofSeconds(30)).until(() -> holder.said("ready"));
            assertThat(recover()).isEmpty();
        }
    }

    @Test
    void of_several_starts_at_once_one_undoes_each_thing() throws Exception {
        for (int i = 0; i < 20; i++) {
            left(i + "-2-0", HEAD + line(1, "thing" + i));
        }
        List<JavaProgram> starters = new ArrayList<>();
        List<String> undone = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                starters.add(JavaProgram.start(
                        Files.createTempFile(home, "output", ""),
                        JavaProgram.command(JournalProgram.class, "recover", home.toString())));
            }
            await().atMost(ofSeconds(30)).until(() -> starters.stream().allMatch(each -> each.said("ready")));
            Files.createFile(home.resolve("go"));
            for (JavaProgram starter : starters) {
                starter.awaitEnd(ofSeconds(30));
                starter.output()
                        .lines()
                        .filter(each -> each.startsWith("ended "))
                        .forEach(undone::add);
            }
        } finally {
            starters.forEach(JavaProgram::close);
        }
        assertThat(undone).hasSize(20).doesNotHaveDuplicates();
    }

    @Test
    void many_threads_write_whole_lines() throws Exception {
        Journal journal = Journal.open(home, SystemTime.CLOCK);
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String what = "writer" + i;
            Thread writer = new Thread(() -> {
                try {
                    go.await();
                    for (int n = 0; n < 20; n++) {
                        journal.done(journal.write(record(what)));
                    }
                    journal.write(record(what));
                } catch (Exception e) {
                    failures.add(e);
                }
            });
            writer.start();
            writers.add(writer);
        }
        go.countDown();
        for (Thread writer : writers) {
            writer.join(30_000);
        }
        journal.close();
        assertThat(failures).isEmpty();
        Files.move(files().get(0), home.resolve("journal-1-2-0.jsonl"));
        assertThat(recover()).hasSize(8);
    }

    @Test
    void a_folder_that_can_not_be_written_is_said() throws IOException {
        Path file = Files.writeString(home.resolve("file"), "");
        assertThatExceptionOfType(ChaosException.class)
                .isThrownBy(() -> Journal.open(file, SystemTime.CLOCK))
                .withMessage("the journal can't be written in " + file + ": " + file
                        + "; make the folder writable, or set another with Chaos.builder().home(...)");
    }
}
