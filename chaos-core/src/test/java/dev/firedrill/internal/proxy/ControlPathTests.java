package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.Link.Traffic;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.internal.Front.Sight;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Peers have stopped reading and every buffer is full; who controls the link must not notice. */
class ControlPathTests {

    private static final Duration LIMIT = ofSeconds(1);

    @RegisterExtension
    final Rig rig = new Rig();

    private final byte[] bytes = new byte[40_000_000];
    private final List<Route> stuck = new ArrayList<>();
    private final List<Background<Peer>> senders = new ArrayList<>();

    @BeforeEach
    void nobodyReads() throws IOException {
        new Random(3).nextBytes(bytes);
        for (int i = 0; i < 2; i++) {
            Route route = rig.connect().exchange();
            stuck.add(route);
            senders.add(Background.call(() -> route.caller().send(bytes)));
            senders.add(Background.call(() -> route.service().send(bytes)));
        }
        awaitStandstill();
    }

    private void awaitStandstill() {
        AtomicReference<Traffic> last = new AtomicReference<>();
        await().pollInterval(ofMillis(200)).atMost(ofSeconds(20)).until(() -> {
            Traffic now = rig.front().traffic();
            return now.equals(last.getAndSet(now));
        });
        assertThat(senders).noneMatch(Background::isDone);
    }

    @Test
    void injecting_and_healing_wait_for_nobody_and_nothing_is_lost() throws Exception {
        for (Fault fault : List.of(
                new Latency(ofMillis(50), Duration.ZERO, Direction.BOTH),
                new Latency(ofSeconds(30), ofSeconds(30), Direction.BOTH),
                new Bandwidth(DataRate.parse("64KB/s")),
                new Bandwidth(new DataRate(0)),
                new ResetPeer(ofSeconds(30)),
                new Blackhole(),
                new PacketLoss(0.5, ofSeconds(30)),
                new Disconnect(ofSeconds(30)),
                new SlowConnect(ofSeconds(30)),
                new Refuse())) {
            Elapsed elapsed = Elapsed.start();
            Injected injected = rig.inject(fault);
            assertThat(elapsed.time()).as("inject %s", fault).isLessThan(LIMIT);
            elapsed = Elapsed.start();
            injected.heal();
            assertThat(elapsed.time()).as("heal %s", fault).isLessThan(LIMIT);
        }

        for (Route route : stuck) {
            Background<byte[]> service = Background.call(() -> route.service().receiveBytes(bytes.length));
            assertThat(Arrays.equals(route.caller().receiveBytes(bytes.length), bytes))
                    .isTrue();
            assertThat(Arrays.equals(service.result(ofSeconds(20)), bytes)).isTrue();
        }
    }

    @Test
    void healing_what_holds_many_bytes_and_their_end_waits_for_nobody() throws Exception {
        Injected latency = rig.inject(new Latency(ofSeconds(60), Duration.ZERO, Direction.BOTH));
        Route fresh = rig.connect();
        byte[] many = Arrays.copyOf(bytes, 14_000_000); // more than the kernel takes, less than a delay holds
        long before = rig.passed(Direction.DOWNSTREAM);
        Background.call(() -> fresh.service().send(many).finish()).result(Peer.PATIENCE);
        await().until(() -> rig.passed(Direction.DOWNSTREAM) == before + many.length);

        Elapsed elapsed = Elapsed.start();
        latency.heal();

        assertThat(elapsed.time()).isLessThan(LIMIT);
        fresh.caller().send("request");
        assertThat(fresh.service().receive(7)).isEqualTo("request");
        assertThat(Arrays.equals(fresh.caller().receiveBytes(many.length), many))
                .isTrue();
        assertThat(fresh.caller().ending()).isEqualTo(Ending.FIN);
    }

    @Test
    void showing_a_node_as_down_waits_for_nobody() throws IOException {
        Counted effects = new Counted();
        Elapsed elapsed = Elapsed.start();
        rig.front().show(Sight.SILENT, effects);
        rig.front().show(Sight.RESET, effects);
        rig.front().show(Sight.UP, effects);

        assertThat(elapsed.time()).isLessThan(LIMIT);
        rig.connect().exchange();
    }

    @Test
    void closing_waits_for_nobody() {
        rig.inject(new Bandwidth(new DataRate(0)));

        Elapsed elapsed = Elapsed.start();
        rig.front().close();
        assertThat(elapsed.time()).as("the link").isLessThan(LIMIT);
        elapsed = Elapsed.start();
        rig.proxy().close();
        assertThat(elapsed.time()).as("the proxy").isLessThan(LIMIT);
        await().untilAsserted(() -> assertThat(senders).allMatch(Background::isDone));
    }
}
