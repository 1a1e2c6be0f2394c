package dev.firedrill.internal.proxy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.Chaos;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.Upstream;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.spi.ActiveFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.io.TempDir;

/** Faults that lose nothing come and go under load, and nothing is lost. */
class FlappingTests {

    private static final List<Direction> WAYS = List.of(Direction.values());
    private static final int CONNECTIONS = 3;
    private static final int NUMBERS = 65_535;
    private static final int FLAPS = 1_000;
    private static final Duration LIMIT = ofSeconds(40);

    @TempDir
    Path home;

    HandServer server;
    Chaos chaos;
    Service kv;

    @BeforeEach
    void start() throws IOException {
        server = new HandServer();
        chaos = Chaos.builder().home(home).reports(null).start();
        kv = chaos.service("kv", Upstream.at("127.0.0.1", server.address().getPort()));
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
    }

    @RepeatedTest(5)
    void no_number_is_lost_or_overtaken_while_faults_flap(RepetitionInfo repetition) throws Exception {
        int seed = repetition.getCurrentRepetition();
        AtomicBoolean flapping = new AtomicBoolean(true);
        List<Background<Integer>> sent = new ArrayList<>();
        List<Background<Integer>> received = new ArrayList<>();
        List<Peer> callers = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Peer caller = Peer.connect(kv.address());
            Peer service = server.accepted();
            callers.add(caller);
            exchange(caller, service, flapping, new Random(seed * 100L + i), sent, received);
        }

        flap(new Random(seed));
        flapping.set(false);

        for (int i = 0; i < sent.size(); i++) {
            int numbers = sent.get(i).result(LIMIT);
            assertThat(numbers).isGreaterThanOrEqualTo(NUMBERS);
            assertThat(received.get(i).result(LIMIT)).isEqualTo(numbers);
        }
        for (Peer caller : callers) {
            caller.close();
        }
    }

    private static void exchange(
            Peer caller,
            Peer service,
            AtomicBoolean flapping,
            Random sizes,
            List<Background<Integer>> sent,
            List<Background<Integer>> received) {
        for (Peer each : List.of(caller, service)) {
            Random own = new Random(sizes.nextLong());
            sent.add(Background.call(() -> Numbers.send(each, own, next -> next < NUMBERS || flapping.get())));
        }
        received.add(Background.call(() -> Numbers.receive(service)));
        received.add(Background.call(() -> Numbers.receive(caller)));
    }

    private void flap(Random random) {
        Deque<ActiveFault> active = new ArrayDeque<>();
        for (int i = 0; i < FLAPS; i++) {
            if (active.size() < 4 && random.nextBoolean()) {
                ActiveFault fault = chaos.inject(lossless(random), Target.of(kv));
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

    private static Fault lossless(Random random) {
        Direction direction = WAYS.get(random.nextInt(3));
        return switch (random.nextInt(9)) {
            case 0 -> new Bandwidth(new DataRate(0), direction);
            case 1 -> new Bandwidth(new DataRate(1_000_000 + random.nextInt(20_000_000)), direction);
            case 2 -> new ResetPeer(ofHours(1), direction);
            case 3 ->
                new Slice(1_000 + random.nextInt(9_000), random.nextInt(1_000), ofMillis(random.nextInt(2)), direction);
            case 4 -> new SlowClose(ofMillis(random.nextInt(5)), direction);
            case 5 -> new Disconnect(ofHours(1));
            case 6 -> new PacketLoss(0.05, ofMillis(1), direction);
            default -> new Latency(ofMillis(1 + random.nextInt(4)), ofMillis(random.nextInt(2)), direction);
        };
    }
}
