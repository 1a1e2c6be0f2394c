package dev.firedrill.internal.proxy;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.Chaos;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.Upstream;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.spi.ActiveFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Faults that lose nothing come and go under load, and nothing is lost. With {@code -Dfiredrill.soak=true} twenty times. */
abstract class Flapping {

    private static final List<Direction> WAYS = List.of(Direction.values());
    private static final int CONNECTIONS = 20;
    private static final int NUMBERS = 65_535;
    private static final int ROUNDS = Boolean.getBoolean("firedrill.soak") ? 20 : 1;
    private static final Duration LIMIT = ofSeconds(60);

    @TempDir
    Path home;

    HandServer server;
    Chaos chaos;
    Service kv;

    @BeforeEach
    void start() throws IOException {
        server = new HandServer();
        chaos = Chaos.builder()
                .home(home)
                .reports(null)
                .settings(settings()::get)
                .start();
        kv = chaos.service("kv", Upstream.at("127.0.0.1", server.address().getPort()));
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
    }

    /** Which engine. */
    abstract Map<String, String> settings();

    /** One that the engine makes and that loses nothing. */
    abstract Fault lossless(Random random, Direction direction);

    /** How many of them are in force at most. */
    abstract int atOnce();

    /** How many numbers of a direction may be under way. */
    abstract int window();

    /** How often faults come or go in each round. */
    abstract int flaps();

    @TestFactory
    List<DynamicTest> no_number_is_lost_or_overtaken_while_faults_flap() {
        return IntStream.rangeClosed(1, ROUNDS)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> flapUnderLoad(seed)))
                .toList();
    }

    private void flapUnderLoad(int seed) throws Exception {
        AtomicBoolean flapping = new AtomicBoolean(true);
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Peer caller = Peer.connect(kv.address());
            Peer service = server.accepted();
            Random random = new Random(seed * 100L + i);
            streams.add(stream(caller, service, flapping, new Random(random.nextLong())));
            streams.add(stream(service, caller, flapping, new Random(random.nextLong())));
        }

        flap(new Random(seed));
        flapping.set(false);

        for (Stream stream : streams) {
            assertThat(stream.sent().result(LIMIT)).isGreaterThanOrEqualTo(NUMBERS);
        }
        // not before all has arrived, for an end in one direction is one of both to Toxiproxy
        await().atMost(LIMIT)
                .until(() -> streams.stream()
                        .allMatch(stream ->
                                stream.received().isDone() || stream.window().availablePermits() == window()));
        for (Stream stream : streams) {
            stream.from().finish();
        }
        for (Stream stream : streams) {
            assertThat(stream.received().result(LIMIT)).isEqualTo(stream.sent().result(LIMIT));
        }
        for (Stream stream : streams) {
            stream.from().close();
        }
    }

    /** One direction of a connection. */
    private record Stream(Peer from, Background<Integer> sent, Background<Integer> received, Semaphore window) {}

    private Stream stream(Peer from, Peer to, AtomicBoolean flapping, Random sizes) {
        Semaphore window = new Semaphore(window());
        return new Stream(
                from,
                Background.call(() -> Numbers.send(from, sizes, next -> next < NUMBERS || flapping.get(), window)),
                Background.call(() -> Numbers.receive(to, window)),
                window);
    }

    private void flap(Random random) {
        Deque<ActiveFault> active = new ArrayDeque<>();
        for (int i = 0; i < flaps(); i++) {
            if (active.size() < atOnce() && random.nextBoolean()) {
                ActiveFault fault = chaos.inject(lossless(random, WAYS.get(random.nextInt(3))), Target.of(kv));
                if (random.nextBoolean()) {
                    active.addFirst(fault);
                } else {
                    active.addLast(fault);
                }
            } else if (!active.isEmpty()) {
                active.removeFirst().heal();
            }
        }
        active.forEach(ActiveFault::heal);
    }
}
