package dev.firedrill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Stop;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Effects;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process has started shares its fate. */
class ProcessTreeTests {

    @TempDir
    Path home;

    Chaos chaos;

    @BeforeEach
    void start() {
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
    }

    @AfterEach
    void stop_and_leave_nothing() {
        chaos.close();
        assertThat(Machine.directories(home)).isEmpty();
        assertThat(Machine.journals(home)).isEmpty();
    }

    private Node node(LocalProcess process) {
        return chaos.service("worker", process).nodes().get(0);
    }

    private static LocalProcess shell(String script) {
        return LocalProcess.of("sh", "-c", script);
    }

    /** Two children, one in a session of its own, and a grandchild whose parent has gone. */
    private static final String FAMILY = """
            sleep 300 & echo $! >> pids
            setsid sleep 300 & echo $! >> pids
            (sleep 300 & echo $! >> pids)
            echo $$ >> pids
            wait""";

    private List<Long> family(Node node) {
        Path pids =
                home.resolve("nodes").resolve(Machine.directories(home).get(0)).resolve("data/pids");
        await().untilAsserted(() -> assertThat(pids).content().hasLineCount(4));
        try {
            List<Long> all =
                    Files.readAllLines(pids).stream().map(Long::valueOf).toList();
            assertThat(all).contains(Machine.pid(node)).allMatch(Machine::isAlive);
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_kill_takes_all_that_the_process_started() {
        Node node = node(shell(FAMILY));
        List<Long> family = family(node);
        try (ActiveFault dead = chaos.inject(new Kill(), Target.of(node))) {
            assertThat(dead).isNotNull();
            assertThat(family).noneMatch(Machine::isAlive);
        }
    }

    @Test
    void a_stop_takes_what_the_process_left_behind() {
        Node node = node(shell(FAMILY));
        List<Long> family = family(node);
        try (ActiveFault down = chaos.inject(new Stop(), Target.of(node))) {
            assertThat(down).isNotNull();
            assertThat(family).noneMatch(Machine::isAlive);
        }
    }

    @Test
    void the_end_of_the_chaos_takes_what_a_crashed_process_left_behind() {
        Node node = node(shell(FAMILY));
        List<Long> family = family(node);
        ProcessHandle.of(Machine.pid(node)).orElseThrow().destroyForcibly();
        await().until(() -> node.state() == Node.State.DOWN);
        assertThat(family).anyMatch(Machine::isAlive);

        chaos.close();
        assertThat(family).noneMatch(Machine::isAlive);
    }

    @Test
    void a_new_start_ends_what_a_crashed_process_left_behind() {
        Node node = node(shell(FAMILY));
        List<Long> family = family(node);
        ProcessHandle.of(Machine.pid(node)).orElseThrow().destroyForcibly();
        await().until(() -> node.state() == Node.State.DOWN);
        node.start(Effects.NONE);

        assertThat(family).noneMatch(Machine::isAlive);
        assertThat(node.state()).isNotEqualTo(Node.State.DOWN);
    }

    @Test
    void a_pause_freezes_the_whole_tree_and_its_end_lets_it_go() {
        Node node = node(shell("sleep 300 & sleep 300 & wait"));
        long root = Machine.pid(node);
        await().until(() -> Machine.tree(root).size() == 3);
        try (ActiveFault frozen = chaos.inject(new Pause(), Target.of(node))) {
            assertThat(frozen).isNotNull();
            assertThat(node.state()).isEqualTo(Node.State.PAUSED);
            assertThat(Machine.tree(root)).hasSize(3).allMatch(pid -> Machine.state(pid) == 'T');
        }
        assertThat(node.state()).isEqualTo(Node.State.READY);
        await().untilAsserted(() -> assertThat(Machine.tree(root)).noneMatch(pid -> Machine.state(pid) == 'T'));
    }

    @Test
    void a_frozen_process_is_killed_and_stopped_like_any_other() {
        Node node = node(shell("exec sleep 300"));
        for (Fault fault : List.of(new Kill(), new Stop())) {
            long pid = Machine.pid(node);
            try (ActiveFault frozen = chaos.inject(new Pause(), Target.of(node));
                    ActiveFault down = chaos.inject(fault, Target.of(node))) {
                assertThat(List.of(frozen, down)).doesNotContainNull();
                assertThat(Machine.isAlive(pid)).isFalse();
            }
            await().until(() -> node.state() == Node.State.READY);
            assertThat(Machine.state(Machine.pid(node))).isNotEqualTo('T');
        }
    }
}
