package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.PlainClient.Question;
import dev.firedrill.fault.Kill;
import dev.firedrill.spi.ActiveFault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.GenericContainer;

/** How soon a plain client reaches a container that was killed and started again. */
@Tag("docker")
class RestartIT {

    private static final int ROUNDS = Boolean.getBoolean("firedrill.soak") ? 200 : 20;
    private static final Duration AT_MOST = ofMillis(500);
    private static final Pattern READY = Pattern.compile("(\\d+ \\w+ \\d{4} [\\d:.]+) \\* Ready to accept connections");
    private static final DateTimeFormatter REDIS_TIME =
            DateTimeFormatter.ofPattern("dd MMM yyyy HH:mm:ss.SSS", Locale.ENGLISH);

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(strings = {"embedded", "toxiproxy"})
    void a_restarted_container_is_reached_as_soon_as_it_is_ready(String engine) {
        GenericContainer<?> container = new GenericContainer<>("redis:7.0");
        List<Duration> waits = new ArrayList<>();
        try (Chaos chaos = Chaos.builder()
                .home(home)
                .reports(null)
                .settings(Map.of("chaos.engine", engine)::get)
                .start()) {
            Service redis =
                    chaos.service("redis", ServiceContainer.of(container).ports(6379));
            for (int round = 0; round < ROUNDS; round++) {
                waits.add(wait(chaos, redis, container));
            }
        }
        assertThat(waits).hasSize(ROUNDS).allSatisfy(wait -> assertThat(wait).isLessThanOrEqualTo(AT_MOST));
    }

    /** From redis's own word that it is ready to a client's first answer. */
    private static Duration wait(Chaos chaos, Service redis, GenericContainer<?> container) {
        PlainClient client = new SocketClient(redis::address);
        ActiveFault kill = chaos.inject(new Kill(), Target.of(redis));
        Instant started = Instant.now();
        CompletableFuture<Instant> reached = CompletableFuture.supplyAsync(() -> firstAnswer(client));
        kill.heal();
        Duration waited = Duration.between(lastReady(container, started), reached.join());
        await().atMost(ofSeconds(20)).until(() -> redis.nodes().get(0).state() == Node.State.READY);
        return waited;
    }

    private static Instant firstAnswer(PlainClient client) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(ofMillis(10))
                .atMost(ofSeconds(20))
                .until(() -> client.ask(Question.PING).isAnswered());
        return Instant.now();
    }

    private static Instant lastReady(GenericContainer<?> container, Instant since) {
        return await().atMost(ofSeconds(20))
                .until(
                        () -> READY.matcher(container.getLogs())
                                .results()
                                .map(found -> LocalDateTime.parse(found.group(1), REDIS_TIME)
                                        .toInstant(ZoneOffset.UTC))
                                .reduce(Instant.MIN, (first, second) -> second),
                        since.minusMillis(1)::isBefore);
    }
}
