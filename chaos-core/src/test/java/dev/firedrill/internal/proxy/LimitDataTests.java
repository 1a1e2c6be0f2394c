package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitDataTests {

    @RegisterExtension
    final Rig rig = new Rig();

    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"UPSTREAM", "DOWNSTREAM"})
    void passes_exactly_so_many_bytes_and_closes_in_good_order_both_ways(Direction way) throws IOException {
        Injected limit = rig.inject(new LimitData(1_000, way));
        Route route = rig.connect();

        route.from(way).send("x".repeat(1_500));

        assertThat(route.to(way).receive(2_000)).isEqualTo("x".repeat(1_000));
        assertThat(route.to(way).ending()).isEqualTo(Ending.FIN);
        assertThat(route.from(way).ending()).isEqualTo(Ending.FIN);
        assertThat(limit.effects().ofTest()).isEqualTo(1);
        assertThat(limit.effects().all()).isEqualTo(1);
    }

    @Test
    void closes_with_the_last_byte_that_passes_however_they_are_sent() throws IOException {
        Injected limit = rig.inject(new LimitData(10));
        Route route = rig.connect();

        rig.sendAlone(route, Direction.DOWNSTREAM, "1234");
        rig.sendAlone(route, Direction.DOWNSTREAM, "56789");
        assertThat(route.caller().receive(9)).isEqualTo("123456789");
        assertThat(limit.effects().all()).as("within the limit").isZero();
        assertThat(route.caller().isQuietFor(ofMillis(30))).isTrue();
        rig.sendAlone(route, Direction.DOWNSTREAM, "0");

        assertThat(route.caller().receive(2)).isEqualTo("0");
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(limit.effects().ofTest()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"UPSTREAM", "DOWNSTREAM"})
    void a_limit_of_zero_closes_with_the_first_byte_and_passes_none(Direction way) throws IOException {
        Route open = rig.connect().exchange();
        Injected limit = rig.inject(new LimitData(0, way));
        assertThat(open.caller().isQuietFor(ofMillis(30))).isTrue();

        open.from(way).send("x");

        assertThat(open.to(way).receive(1)).isEmpty();
        assertThat(open.from(way).ending()).isEqualTo(Ending.FIN);
        assertThat(limit.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void counts_on_an_open_connection_from_the_beginning_of_the_fault_and_in_its_direction_only() throws IOException {
        Route route = rig.connect().exchange().exchange();
        rig.inject(new LimitData(4));

        route.caller().send("a long request");
        assertThat(route.service().receive(14)).isEqualTo("a long request");
        route.service().send("a reply");

        assertThat(route.caller().receive(7)).isEqualTo("a re");
    }

    @Test
    void of_both_directions_each_is_counted_by_itself() throws IOException {
        rig.inject(new LimitData(3, Direction.BOTH));
        Route route = rig.connect().exchange().exchange();

        route.caller().send("?");

        assertThat(route.service().receive(2)).isEqualTo("?");
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
    }

    @Test
    void an_end_before_the_limit_is_half_a_close() throws IOException {
        Injected limit = rig.inject(new LimitData(100, Direction.BOTH));
        Route route = rig.connect();

        route.caller().send("request").finish();

        assertThat(route.service().receive(8)).isEqualTo("request");
        route.service().send("reply").finish();
        assertThat(route.caller().receive(6)).isEqualTo("reply");
        assertThat(limit.effects().all()).isZero();
    }

    @Test
    void a_sender_in_full_flow_sees_an_orderly_close() throws Exception {
        rig.inject(new LimitData(1_000_000, Direction.UPSTREAM));
        Route route = rig.connect();

        Background<Peer> sender = Background.call(() -> route.caller().send(new byte[3_000_000]));

        assertThat(route.service().receiveBytes(2_000_000)).hasSize(1_000_000);
        sender.result(Peer.PATIENCE);
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
    }

    @Test
    void who_ends_while_it_takes_the_last_bytes_gets_all_of_them() throws Exception {
        int limit = 12_000_000;
        Injected injected = rig.inject(new LimitData(limit));
        Route route = rig.connect();
        Background<Peer> sender = Background.call(() -> route.service().send(new byte[limit]));
        int got = 0;
        while (injected.effects().ofTest() == 0 && got < limit) {
            got += route.caller().receiveBytes(1 << 14).length;
            rig.front().settle();
        }

        route.caller().finish();
        rig.front().settle();

        assertThat(got + route.caller().receiveBytes(limit).length).isEqualTo(limit);
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        sender.result(Peer.PATIENCE);
    }

    @Test
    void counts_what_a_probe_meets_apart() throws IOException {
        Injected limit = rig.inject(new LimitData(0));
        Route route = rig.connect(rig.probeFront());

        route.service().send("x");

        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(limit.effects().ofProbes()).isEqualTo(1);
        assertThat(limit.effects().ofTest()).isZero();
    }

    @Test
    void only_the_connections_that_are_hit_are_closed() throws IOException {
        Injected limit =
                rig.inject("1-limit-data", new LimitData(1), Schedule.now().nth(2));

        rig.connect().exchange().exchange();
        Route second = rig.connect().exchange();

        assertThat(second.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(limit.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void healing_leaves_alone_what_was_not_closed_yet() throws IOException {
        Injected limit = rig.inject(new LimitData(5));
        Route route = rig.connect().exchange();

        limit.heal();

        route.service().send("a long reply");
        assertThat(route.caller().receive(12)).isEqualTo("a long reply");
        route.exchange();
        assertThat(limit.effects().all()).isZero();
    }

    /** A limit stands nearer to the service here, so that what it has passed on waits in the other fault. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_close_waits_behind_the_bytes_that_another_fault_holds(boolean healedMeanwhile) throws IOException {
        rig.inject("1-latency", new Latency(ofMillis(150), Duration.ZERO, Direction.DOWNSTREAM), Schedule.now());
        Injected limit = rig.inject("2-limit-data", new LimitData(4), Schedule.now());
        Route route = rig.connect();

        Elapsed elapsed = Elapsed.start();
        route.service().send("1234567");
        await().until(() -> limit.effects().ofTest() == 1);
        if (healedMeanwhile) {
            limit.heal();
            route.service().send("89");
        }

        assertThat(route.caller().receive(9)).isEqualTo("1234");
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(elapsed.time()).isGreaterThanOrEqualTo(ofMillis(150));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_close_may_be_a_slow_one(boolean healedMeanwhile) throws IOException {
        rig.inject("1-slow-close", new SlowClose(ofMillis(150)), Schedule.now());
        Injected limit = rig.inject("2-limit-data", new LimitData(4), Schedule.now());
        Route route = rig.connect();

        Elapsed elapsed = Elapsed.start();
        route.service().send("1234567");
        assertThat(route.caller().receive(4)).isEqualTo("1234");
        if (healedMeanwhile) {
            limit.heal();
            route.service().send("89");
        }

        assertThat(route.caller().receive(5)).isEmpty();
        assertThat(elapsed.time()).isBetween(ofMillis(150), ofSeconds(5));
        assertThat(route.service().ending()).isEqualTo(Ending.FIN);
    }

    @Test
    void both_sides_learn_of_a_close_behind_which_there_is_a_blackhole() throws IOException {
        rig.inject("1-blackhole", new Blackhole(Direction.DOWNSTREAM), Schedule.now());
        rig.inject("2-limit-data", new LimitData(4), Schedule.now());
        Route route = rig.connect();
        route.service().send("1234567");

        assertThat(route.service().ending()).isEqualTo(Ending.FIN);
        assertThat(route.caller().receive(4)).isEmpty();
    }
}
