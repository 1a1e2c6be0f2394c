package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Stop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import redis.clients.jedis.Jedis;

/** Neither threads nor open files stay behind, however often a Chaos with containers comes and goes. */
@Tag("docker")
class ContainerBelongingsIT {

    private static final int ROUNDS = Boolean.getBoolean("firedrill.soak") ? 30 : 8;

    @TempDir
    Path home;

    @Test
    void round_after_round_no_thread_and_no_file_stays_open() throws IOException {
        round();
        round();
        List<String> before = awaitQuiet();
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        // docker-java keeps some connections to the engine, as many as were once in use at the same time; a leak adds
        // one a round
        assertThat(awaitQuiet()).as("at first there were " + before).hasSizeLessThan(before.size() + ROUNDS);
    }

    private void round() {
        try (Chaos chaos = Chaos.builder().home(home).reports(null).start()) {
            Service one = chaos.declare("one", redis());
            Service two = chaos.declare("two", redis());
            chaos.startAll();
            ask(one);
            ask(two);
            chaos.inject(new Latency(ofMillis(5)), Target.of(one));
            chaos.inject(new Kill(), Target.of(one)).heal();
            chaos.inject(new Pause(), Target.of(two)).heal();
            chaos.inject(new Stop(), Target.of(two));
        }
    }

    private static ServiceContainer redis() {
        return ServiceContainer.of(new GenericContainer<>("redis:7.0")).ports(6379);
    }

    private static void ask(Service service) {
        try (Jedis jedis =
                new Jedis(service.address().getHostString(), service.address().getPort(), 5_000)) {
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }

    /** What is open once no thread is left. */
    private static List<String> awaitQuiet() throws IOException {
        await().atMost(ofSeconds(10)).untilAsserted(() -> assertThat(threads()).isEmpty());
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.map(ContainerBelongingsIT::target).sorted().toList();
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("firedrill") || name.startsWith("docker-java"))
                .sorted()
                .toList();
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }
}
