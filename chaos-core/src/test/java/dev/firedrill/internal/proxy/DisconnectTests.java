package dev.firedrill.internal.proxy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DisconnectTests {

    private static final Duration AGE = ofMillis(400);

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void closes_open_and_new_connections_in_good_order_both_ways_when_they_are_old() throws IOException {
        Route open = rig.connect().exchange();
        Elapsed elapsed = Elapsed.start();
        Injected disconnect = rig.inject(new Disconnect(AGE));
        assertThat(open.caller().isQuietFor(AGE.dividedBy(2))).isTrue();
        Elapsed younger = Elapsed.start();
        Route fresh = rig.connect().exchange();

        assertThat(open.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(elapsed.time()).isGreaterThanOrEqualTo(AGE);
        assertThat(open.service().ending()).isEqualTo(Ending.FIN);
        assertThat(fresh.service().ending()).isEqualTo(Ending.FIN);
        assertThat(younger.time()).isBetween(AGE, ofSeconds(5));
        assertThat(fresh.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(disconnect.effects().ofTest()).isEqualTo(2);
        assertThat(disconnect.effects().all()).isEqualTo(2);
        rig.connect().exchange();
    }

    @Test
    void an_age_of_zero_closes_each_at_once() throws IOException {
        Route open = rig.connect().exchange();
        rig.inject(new Disconnect(Duration.ZERO));

        assertThat(open.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(rig.caller().ending()).isEqualTo(Ending.FIN);
    }

    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"UPSTREAM", "DOWNSTREAM"})
    void a_sender_in_full_flow_sees_an_orderly_close(Direction way) throws Exception {
        rig.inject(new Disconnect(AGE));
        Route route = rig.connect();

        Background<Boolean> sender = Background.run(() -> {
            while (true) {
                route.from(way).send(new byte[10_000]);
            }
        });

        assertThat(route.to(way).ending()).isEqualTo(Ending.FIN);
        assertThat(route.from(way).ending()).isEqualTo(Ending.FIN);
        await().during(ofMillis(200)).until(() -> !sender.isDone());
        route.from(way).close();
        await().until(sender::isDone);
    }

    /** The other fault stands nearer to one end than this one, so that it holds what has passed this one, and what has not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_end_waits_behind_the_bytes_that_another_fault_holds(boolean healedMeanwhile) throws IOException {
        Duration longer = AGE.multipliedBy(2);
        rig.inject("1-latency", new Latency(longer, Duration.ZERO, Direction.BOTH), Schedule.now());
        Elapsed elapsed = Elapsed.start();
        Injected disconnect = rig.inject("2-disconnect", new Disconnect(AGE), Schedule.now());
        Route route = rig.connect();

        rig.sendAlone(route, Direction.DOWNSTREAM, "reply");
        rig.sendAlone(route, Direction.UPSTREAM, "request");
        await().until(() -> disconnect.effects().ofTest() == 1);
        if (healedMeanwhile) {
            disconnect.heal();
        }
        route.service().send(" too late");

        assertThat(route.caller().receive(6)).isEqualTo("reply");
        assertThat(elapsed.time()).isGreaterThanOrEqualTo(longer);
        assertThat(route.service().ending()).isEqualTo(Ending.FIN);
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(disconnect.effects().all()).isEqualTo(1);
    }

    @Test
    void what_comes_behind_the_end_when_it_is_healed_is_lost() throws IOException {
        Injected disconnect = rig.inject("1-disconnect", new Disconnect(AGE), Schedule.now());
        Injected latency =
                rig.inject("2-latency", new Latency(ofSeconds(30), Duration.ZERO, Direction.UPSTREAM), Schedule.now());
        Route route = rig.connect();
        rig.sendAlone(route, Direction.UPSTREAM, "request");
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);

        disconnect.heal();
        rig.sendAlone(route, Direction.DOWNSTREAM, " too late");
        rig.sendAlone(route, Direction.UPSTREAM, " too late");
        latency.heal();

        assertThat(route.service().receive(8)).isEqualTo("request");
        assertThat(route.service().ending()).isEqualTo(Ending.FIN);
    }

    @Test
    void the_end_may_be_a_slow_one() throws IOException {
        rig.inject("1-slow-close", new SlowClose(AGE, Direction.DOWNSTREAM), Schedule.now());
        Elapsed elapsed = Elapsed.start();
        rig.inject("2-disconnect", new Disconnect(AGE), Schedule.now());
        Route route = rig.connect().exchange();

        assertThat(route.service().ending()).isEqualTo(Ending.FIN);
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(elapsed.time()).isGreaterThanOrEqualTo(AGE.multipliedBy(2));
    }

    @Test
    void an_end_that_a_blackhole_swallows_is_a_hole() throws IOException {
        Injected blackhole = rig.inject("1-blackhole", new Blackhole(Direction.DOWNSTREAM), Schedule.now());
        Injected disconnect = rig.inject("2-disconnect", new Disconnect(AGE), Schedule.now());
        Route route = rig.connect();

        assertThat(route.service().ending()).isEqualTo(Ending.FIN);
        assertThat(route.caller().isQuietFor(ofMillis(50))).isTrue();
        disconnect.heal();
        blackhole.heal();

        assertThat(route.caller().ending()).isEqualTo(Ending.RST);
    }

    @Test
    void what_has_ended_by_itself_is_not_counted_and_half_of_it_is() throws IOException {
        Injected disconnect = rig.inject(new Disconnect(AGE));
        Route whole = rig.connect().exchange();
        Route half = rig.connect().exchange();
        for (Peer each : List.of(whole.caller(), whole.service(), half.caller())) {
            each.finish();
        }

        assertThat(whole.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(half.service().ending()).isEqualTo(Ending.FIN);
        assertThat(disconnect.effects().all()).isZero();
        assertThat(half.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(disconnect.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void a_reset_passes_before_and_after() throws IOException {
        rig.inject(new Disconnect(ofHours(1)));
        Route route = rig.connect().exchange();

        route.service().reset();

        assertThat(route.caller().ending()).isEqualTo(Ending.RST);
    }

    @Test
    void healing_leaves_alone_what_was_not_closed_yet() throws IOException {
        Injected disconnect = rig.inject(new Disconnect(AGE));
        Route route = rig.connect().exchange();

        disconnect.heal();

        assertThat(route.caller().isQuietFor(AGE.multipliedBy(2))).isTrue();
        route.exchange();
        assertThat(disconnect.effects().all()).isZero();
    }

    @Test
    void only_the_connections_that_are_hit_are_closed() throws IOException {
        Injected disconnect = rig.inject(
                "1-disconnect", new Disconnect(ofMillis(50)), Schedule.now().nth(2));
        Route first = rig.connect().exchange();
        Route second = rig.connect();

        assertThat(second.caller().ending()).isEqualTo(Ending.FIN);
        first.exchange();
        assertThat(disconnect.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void counts_what_a_probe_meets_apart() throws IOException {
        Injected disconnect = rig.inject(new Disconnect(ofMillis(10)));

        assertThat(rig.connect(rig.probeFront()).caller().ending()).isEqualTo(Ending.FIN);

        assertThat(disconnect.effects().ofProbes()).isEqualTo(1);
        assertThat(disconnect.effects().ofTest()).isZero();
    }
}
