package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.schedule.Chance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.Network;

/** A JVM with containers is killed, and after the next start nothing of it is left, and what it had borrowed runs. */
@Tag("docker")
class KilledJvmIT {

    private static final int ROUNDS = Boolean.getBoolean("firedrill.soak") ? 300 : 30;
    private static final int AT_A_TIME = 4;

    @TempDir
    Path folder;

    private JavaProgram victim(Path home, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(JavaProgram.command(ContainerVictimProgram.class, home.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("TESTCONTAINERS_RYUK_DISABLED", "true");
        builder.environment().put("TESTCONTAINERS_REUSE_ENABLE", "true");
        return JavaProgram.start(Files.createTempFile(folder, "output", ""), builder);
    }

    private static void awaitSaid(JavaProgram program, String line) {
        await().pollInterval(ofMillis(5)).atMost(ofMinutes(1)).until(() -> program.said(line) || !program.isAlive());
        assertThat(program.said(line)).as(program.output()).isTrue();
    }

    private static String said(JavaProgram program, String label) {
        return program.output()
                .lines()
                .filter(line -> line.startsWith(label))
                .map(line -> line.substring(label.length()))
                .findFirst()
                .orElse("nothing");
    }

    private Path home(String name) throws IOException {
        return folder.toRealPath().resolve(name);
    }

    private static Chaos nextStart(Path home) {
        return Chaos.builder().home(home).reports(null).start();
    }

    @Test
    void killed_at_any_moment_nothing_of_it_is_left_after_the_next_start() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime() % 1_000_000);
        System.out.println("rerun with -Dseed=" + seed);
        ExecutorService side = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Future<Killed>> rounds = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                Chance chance = Chance.ofSeed(seed).at(round);
                Path home = home("home" + round);
                // by turns from the very beginning, and from when everything runs and faults come and go
                Callable<Killed> killing = round % 2 == 0
                        ? () -> kill(home, "begun", 500 + chance.below(3_500))
                        : () -> kill(home, "started", chance.below(2_000));
                rounds.add(side.submit(killing));
            }
            for (Future<Killed> round : rounds) {
                Killed killed = round.get(3, TimeUnit.MINUTES);
                assertThat(killed.left()).as(killed.moment()).isEmpty();
            }
            for (Future<Killed> round : rounds) {
                Killed killed = round.get();
                assertThat(killed.leftNow()).as("later, " + killed.moment()).isEmpty();
            }
        } finally {
            side.shutdownNow();
        }
    }

    private record Killed(String moment, long pid, String session, List<String> left) {

        List<String> leftNow() {
            List<String> all = new ArrayList<>(DockerEngine.madeBy(pid));
            all.addAll(DockerEngine.madeIn(session));
            return all;
        }
    }

    private Killed kill(Path home, String from, long millis) throws Exception {
        try (JavaProgram victim = victim(home, "faults")) {
            awaitSaid(victim, from);
            assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS))
                    .isFalse();
            victim.kill();
            victim.awaitEnd(ofSeconds(10));
            int before = DockerEngine.madeIn(said(victim, "session ")).size();
            try (Chaos next = nextStart(home)) {
                String moment = "killed " + millis + "ms after " + from + ", when there were " + before + ", undone: "
                        + next.leftovers();
                System.out.println(moment);
                Killed killed = new Killed(moment, victim.pid(), said(victim, "session "), List.of());
                List<String> left = new ArrayList<>(killed.leftNow());
                next.leftovers().stream()
                        .filter(line -> line.startsWith("could not"))
                        .forEach(left::add);
                return new Killed(moment, killed.pid(), killed.session(), left);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "kill", "stop"})
    void a_borrowed_container_runs_again_after_the_next_start_and_is_not_removed(String fault) throws Exception {
        Path home = home("home");
        try (Network network = Network.newNetwork();
                JavaProgram owner = victim(home("owner"), "start", network.getId())) {
            awaitSaid(owner, "started");
            String id = said(owner, "id ");
            try (JavaProgram victim = victim(home, fault, network.getId())) {
                awaitSaid(victim, "in force");
                assertThat(DockerEngine.state(id)).isEqualTo(fault.equals("pause") ? "paused" : "exited");
                victim.kill();
                victim.awaitEnd(ofSeconds(10));
                try (Chaos next = nextStart(home)) {
                    assertThat(next.leftovers())
                            .singleElement()
                            .asString()
                            .startsWith(fault.equals("pause") ? "unfroze redis, left by" : "started redis, left by");
                    assertThat(DockerEngine.state(id)).isEqualTo("running");
                }
                assertThat(DockerEngine.state(id)).isEqualTo("running");
            } finally {
                DockerEngine.remove(id);
            }
        }
    }

    @Test
    void ended_by_sigterm_while_faults_come_and_go_it_cleans_up_itself() throws Exception {
        Path home = home("home");
        try (JavaProgram victim = victim(home, "faults")) {
            awaitSaid(victim, "in force");
            assertCleansUp(victim, home);
        }
    }

    @Test
    void ended_by_sigterm_while_a_container_starts_it_cleans_up_itself_and_waits_for_nothing() throws Exception {
        Path home = home("home");
        try (JavaProgram victim = victim(home, "slow")) {
            awaitSaid(victim, "begun");
            await().atMost(ofMinutes(1))
                    .until(() -> DockerEngine.madeIn(said(victim, "session ")).stream()
                            .anyMatch(each -> each.contains("redis")));
            assertCleansUp(victim, home);
        }
    }

    private static void assertCleansUp(JavaProgram victim, Path home) throws InterruptedException {
        victim.terminate();
        assertThat(victim.awaitEnd(ofSeconds(20))).isEqualTo(143);
        assertThat(victim.output()).doesNotContain("Not everything could be healed");
        assertThat(DockerEngine.madeBy(victim.pid())).as(victim.output()).isEmpty();
        assertThat(DockerEngine.madeIn(said(victim, "session ")))
                .as(victim.output())
                .noneMatch(each -> each.startsWith("container"));
        assertThat(Machine.journals(home)).isEmpty();
    }
}
