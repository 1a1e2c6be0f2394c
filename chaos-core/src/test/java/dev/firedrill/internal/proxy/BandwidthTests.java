package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Direction;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BandwidthTests {

    private static final DataRate RATE = DataRate.parse("200KB/s");
    private static final DataRate NONE = new DataRate(0);

    /** The slice that an idle time earned, and the one that passes at once: 10 ms each, and a little for rounding. */
    private static final Duration HEAD_START = ofMillis(22);

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void keeps_the_rate_over_a_second() throws Exception {
        Injected bandwidth = rig.inject(new Bandwidth(RATE));

        Duration took = transfer(rig.connect(), Direction.DOWNSTREAM, 200_000);

        assertThat(took).isBetween(ofMillis(1_000).minus(HEAD_START), ofMillis(1_250));
        assertThat(bandwidth.effects().ofTest()).isPositive();
        assertThat(bandwidth.effects().all()).isEqualTo(bandwidth.effects().ofTest());
    }

    private static Duration transfer(Route route, Direction way, int length) throws Exception {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        Elapsed elapsed = Elapsed.start();
        Background<Peer> sender = Background.call(() -> route.from(way).send(bytes));
        assertThat(route.to(way).receiveBytes(length)).isEqualTo(bytes);
        sender.result(Peer.PATIENCE);
        return elapsed.time();
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void narrows_the_covered_directions_only(Direction covered) throws Exception {
        rig.inject(new Bandwidth(RATE, covered));
        Route route = rig.connect();

        Duration up = transfer(route, Direction.UPSTREAM, 60_000);
        Duration down = transfer(route, Direction.DOWNSTREAM, 60_000);

        Duration least = ofMillis(300).minus(HEAD_START);
        assertThat(up.compareTo(least) >= 0).as("up %s", up).isEqualTo(covered.coversUpstream());
        assertThat(down.compareTo(least) >= 0).as("down %s", down).isEqualTo(covered.coversDownstream());
    }

    @Test
    void narrows_an_open_connection() throws Exception {
        Route route = rig.connect().exchange();
        rig.inject(new Bandwidth(RATE));

        assertThat(transfer(route, Direction.DOWNSTREAM, 60_000))
                .isGreaterThanOrEqualTo(ofMillis(300).minus(HEAD_START));
    }

    @Test
    void each_connection_and_each_direction_has_the_whole_rate() throws Exception {
        rig.inject(new Bandwidth(RATE));
        Route one = rig.connect();
        Route other = rig.connect();

        Elapsed elapsed = Elapsed.start();
        Background<Duration> first = Background.call(() -> transfer(one, Direction.UPSTREAM, 100_000));
        Background<Duration> second = Background.call(() -> transfer(one, Direction.DOWNSTREAM, 100_000));
        Background<Duration> third = Background.call(() -> transfer(other, Direction.UPSTREAM, 100_000));
        first.result(Peer.PATIENCE);
        second.result(Peer.PATIENCE);
        third.result(Peer.PATIENCE);

        assertThat(elapsed.time()).isBetween(ofMillis(500).minus(HEAD_START), ofMillis(950));
    }

    @Test
    void an_idle_time_earns_no_burst() throws Exception {
        rig.inject(new Bandwidth(RATE));
        Route route = rig.connect().exchange();
        assertThat(route.caller().isQuietFor(ofMillis(300))).isTrue();

        assertThat(transfer(route, Direction.DOWNSTREAM, 60_000))
                .isGreaterThanOrEqualTo(ofMillis(300).minus(HEAD_START));
    }

    @Test
    void what_fits_the_rate_is_not_counted_as_touched() throws Exception {
        Injected bandwidth = rig.inject(new Bandwidth(RATE));

        rig.connect().exchange();

        assertThat(bandwidth.effects().all()).isZero();
    }

    @Test
    void counts_a_message_once_and_what_a_probe_meets_apart() throws Exception {
        Injected bandwidth = rig.inject(new Bandwidth(NONE));
        Route route = rig.connect();
        Route probe = rig.connect(rig.probeFront());

        route.caller().send("one message");
        probe.caller().send("one");
        await().until(() -> bandwidth.effects().all() == 2);

        assertThat(bandwidth.effects().ofTest()).isEqualTo(1);
        assertThat(bandwidth.effects().ofProbes()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"UPSTREAM", "DOWNSTREAM"})
    void rate_zero_stalls_and_loses_nothing_when_it_is_healed(Direction way) throws Exception {
        Route open = rig.connect().exchange();
        Injected bandwidth = rig.inject(new Bandwidth(NONE, way));
        Route fresh = rig.connect();
        byte[] bytes = new byte[3 << 20];
        new Random(1).nextBytes(bytes);

        Background<Peer> first =
                Background.call(() -> open.from(way).send(bytes).finish());
        Background<Peer> second =
                Background.call(() -> fresh.from(way).send(bytes).finish());
        assertThat(open.to(way).isQuietFor(ofMillis(200))).isTrue();
        assertThat(fresh.to(way).isQuietFor(ofMillis(50))).isTrue();
        bandwidth.heal();

        assertThat(open.to(way).receiveBytes(bytes.length)).isEqualTo(bytes);
        assertThat(fresh.to(way).receiveBytes(bytes.length)).isEqualTo(bytes);
        assertThat(open.to(way).ending()).isEqualTo(Peer.Ending.FIN);
        assertThat(fresh.to(way).ending()).isEqualTo(Peer.Ending.FIN);
        first.result(Peer.PATIENCE);
        second.result(Peer.PATIENCE);
    }

    @Test
    void healing_lets_what_is_held_flow_at_once() throws Exception {
        Injected bandwidth = rig.inject(new Bandwidth(new DataRate(100)));
        Route route = rig.connect();
        Background<Peer> sender = Background.call(() -> route.service().send(new byte[60_000]));
        route.caller().receiveBytes(2);

        bandwidth.heal();

        Elapsed elapsed = Elapsed.start();
        assertThat(route.caller().receiveBytes(59_998)).hasSize(59_998);
        assertThat(elapsed.time()).isLessThan(ofSeconds(5));
        sender.result(Peer.PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"UPSTREAM", "DOWNSTREAM"})
    void a_sender_feels_the_narrow_pipe_and_the_proxy_holds_little(Direction way) throws Exception {
        Injected bandwidth = rig.inject(new Bandwidth(DataRate.parse("64KB/s"), way));
        Route route = rig.connect();
        byte[] bytes = new byte[50_000_000];
        new Random(2).nextBytes(bytes);

        Background<Peer> sender = Background.call(() -> route.from(way).send(bytes));
        Background<byte[]> receiver = Background.call(() -> route.to(way).receiveBytes(bytes.length));
        await().during(ofMillis(500)).atMost(ofSeconds(3)).until(() -> rig.passed(way) < 1_000_000);
        assertThat(sender.isDone()).isFalse();
        bandwidth.heal();

        assertThat(receiver.result(ofSeconds(20))).isEqualTo(bytes);
        sender.result(Peer.PATIENCE);
    }

    @Test
    void a_slow_receiver_slows_its_sender_without_any_fault() throws IOException {
        Route route = rig.connect().exchange();
        byte[] bytes = new byte[50_000_000];

        Background<Peer> sender = Background.call(() -> route.service().send(bytes));
        await().during(ofMillis(500)).until(() -> rig.passed(Direction.DOWNSTREAM) < 20_000_000);

        assertThat(sender.isDone()).isFalse();
    }
}
