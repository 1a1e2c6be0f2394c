package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Latency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A JVM ends in the middle of an experiment, and nothing of it stays behind. */
class EndedJvmIT {

    private static final List<String> FAULTS = List.of("kill", "pause", "stop", "restart");

    @TempDir
    Path folder;

    Path home;

    @BeforeEach
    void make() throws IOException {
        home = folder.toRealPath().resolve("home");
    }

    private JavaProgram victim(String mode) throws IOException {
        return JavaProgram.start(
                Files.createTempFile(folder, "output", ""),
                JavaProgram.command(VictimProgram.class, home.toString(), mode));
    }

    private static void awaitSaid(JavaProgram program, String line) {
        await().pollInterval(ofMillis(5)).atMost(ofMinutes(1)).until(() -> program.said(line));
    }

    private void assertNothingLeft() {
        assertThat(Machine.in(home.resolve("nodes"))).isEmpty();
        assertThat(Machine.directories(home)).isEmpty();
        assertThat(Machine.journals(home)).isEmpty();
    }

    /** The next start undoes what a JVM left that was killed at a random moment, twenty times. */
    @Test
    void killed_at_any_moment_it_is_cleaned_up_after_and_a_live_neighbour_keeps_its_processes() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime() % 1_000_000);
        System.out.println("rerun with -Dseed=" + seed);
        Random random = new Random(seed);
        try (JavaProgram neighbour = victim("hold")) {
            awaitSaid(neighbour, "started");
            List<Long> neighbours = Machine.in(home.resolve("nodes"));
            assertThat(neighbours).hasSize(3);
            for (int round = 0; round < 20; round++) {
                String moment = killAtRandom(FAULTS.get(round % FAULTS.size()), random);
                assertThat(Machine.in(home.resolve("nodes")))
                        .as(moment)
                        .containsExactlyInAnyOrderElementsOf(neighbours);
                assertThat(Machine.directories(home)).as(moment).hasSize(2);
                assertThat(Machine.journals(home)).as(moment).hasSize(1);
                assertThat(neighbours).as(moment).noneMatch(pid -> Machine.state(pid) == 'T');
            }
            neighbour.terminate();
            neighbour.awaitEnd(ofSeconds(30));
        }
        assertNothingLeft();
    }

    private String killAtRandom(String fault, Random random) throws Exception {
        int millis = 300 + random.nextInt(1_200);
        try (JavaProgram victim = victim(fault)) {
            awaitSaid(victim, "begun");
            assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS))
                    .isFalse();
            victim.kill();
            victim.awaitEnd(ofSeconds(10));
            try (Chaos chaos = Chaos.builder().home(home).reports(null).start()) {
                String moment = fault + ", killed " + millis + "ms after its begin, undone: " + chaos.leftovers();
                System.out.println(moment);
                assertThat(chaos.leftovers()).as(moment).noneMatch(line -> line.startsWith("could not"));
                if (victim.said("started")) {
                    String by = ", left by process " + victim.pid() + " that started ";
                    assertThat(chaos.leftovers())
                            .as(moment)
                            .anyMatch(line -> line.startsWith("removed the data of redis" + by))
                            .anyMatch(line -> line.startsWith("removed the data of worker" + by));
                }
                return moment;
            }
        }
    }

    @Test
    void what_was_undone_is_said_in_the_next_experiment() throws Exception {
        try (JavaProgram victim = victim("hold")) {
            awaitSaid(victim, "started");
            List<Long> left = Machine.in(home.resolve("nodes"));
            victim.kill();
            victim.awaitEnd(ofSeconds(10));
            assertThat(left).hasSize(3).allMatch(Machine::isAlive);
            try (Chaos chaos = Chaos.builder().home(home).reports(null).start()) {
                assertThat(left).noneMatch(Machine::isAlive);
                assertThat(chaos.leftovers())
                        .hasSize(4)
                        .anyMatch(line -> line.startsWith("ended redis (process "))
                        .anyMatch(line -> line.startsWith("ended worker (process "));
                assertThat(told(chaos)).isEqualTo(2);
                assertThat(told(chaos)).as("it is no news any more").isZero();
            }
        }
        assertNothingLeft();
    }

    private static long told(Chaos chaos) throws IOException {
        try (LineServer server = new LineServer();
                Chaos scope = chaos.scope(List.of())) {
            Service kv = scope.service("kv", server.upstream());
            Report report = scope.experiment("next")
                    .inject(new Latency(ofMillis(1)), kv)
                    .observe(drill -> LineServer.ask(kv.address(), "a"));
            return report.events().stream()
                    .filter(event -> event.text().startsWith("an earlier run was cut off: ended "))
                    .count();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kill", "pause", "stop", "restart"})
    void ended_by_sigterm_it_heals_and_cleans_up_itself(String fault) throws Exception {
        try (JavaProgram victim = victim(fault)) {
            awaitSaid(victim, "in force");
            victim.terminate();
            assertThat(victim.awaitEnd(ofMinutes(1))).isEqualTo(143);
            assertThat(victim.output()).doesNotContain("Not everything could be healed");
        }
        assertNothingLeft();
    }

    @Test
    void ended_by_its_own_body_it_heals_and_cleans_up_itself() throws Exception {
        try (JavaProgram victim = victim("exit")) {
            assertThat(victim.awaitEnd(ofMinutes(1))).isEqualTo(3);
            assertThat(victim.output()).doesNotContain("Not everything could be healed");
        }
        assertNothingLeft();
    }
}
