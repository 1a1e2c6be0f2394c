package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Direction;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlackholeTests {

    private static final Duration A_WHILE = ofMillis(100);

    @RegisterExtension
    final Rig rig = new Rig();

    @ParameterizedTest
    @EnumSource(Direction.class)
    void swallows_the_bytes_of_the_covered_directions(Direction covered) throws IOException {
        Route open = rig.connect().exchange();
        Injected blackhole = rig.inject(new Blackhole(covered));
        Route fresh = rig.connect();

        for (Route route : List.of(open, fresh)) {
            for (Direction way : List.of(Direction.UPSTREAM, Direction.DOWNSTREAM)) {
                route.from(way).send("hello");
                if (way == covered || covered == Direction.BOTH) {
                    assertThat(route.to(way).isQuietFor(A_WHILE)).as("%s", way).isTrue();
                } else {
                    assertThat(route.to(way).receive(5)).isEqualTo("hello");
                }
            }
        }
        assertThat(blackhole.effects().ofTest()).isEqualTo(covered == Direction.BOTH ? 4 : 2);
        assertThat(blackhole.effects().all()).isEqualTo(blackhole.effects().ofTest());
    }

    @Test
    void keeps_connections_open_whatever_happens_at_the_other_end() throws IOException {
        Route left = rig.connect().exchange();
        Route dead = rig.connect().exchange();
        Route done = rig.connect().exchange();
        Injected blackhole = rig.inject(new Blackhole());

        left.caller().finish();
        dead.service().reset();
        done.service().finish();

        assertThat(left.service().isQuietFor(A_WHILE)).isTrue();
        assertThat(dead.caller().isQuietFor(A_WHILE)).isTrue();
        assertThat(done.caller().isQuietFor(A_WHILE)).isTrue();
        blackhole.heal();
        assertThat(left.service().ending()).isEqualTo(Ending.RST);
        assertThat(dead.caller().ending()).isEqualTo(Ending.RST);
        assertThat(done.caller().ending()).isEqualTo(Ending.RST);
    }

    @Test
    void both_ends_are_swallowed_until_it_is_healed() throws IOException {
        Route route = rig.connect().exchange();
        Injected blackhole = rig.inject(new Blackhole());
        route.caller().finish();
        route.service().finish();
        assertThat(route.caller().isQuietFor(A_WHILE)).isTrue();
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        blackhole.heal();
        assertThat(route.caller().ending()).isEqualTo(Ending.RST);
        assertThat(route.service().ending()).isEqualTo(Ending.RST);
    }

    @Test
    void healing_resets_what_lost_bytes_and_leaves_the_rest_alone() throws IOException {
        Route lossy = rig.connect().exchange();
        Route untouched = rig.connect().exchange();
        Injected blackhole = rig.inject(new Blackhole());
        Route fresh = rig.connect();
        lossy.caller().send("lost");
        await().until(() -> blackhole.effects().ofTest() == 1);

        blackhole.heal();

        assertThat(lossy.caller().ending()).isEqualTo(Ending.RST);
        assertThat(lossy.service().ending()).isEqualTo(Ending.RST);
        untouched.exchange();
        fresh.exchange();
        rig.connect().exchange();
    }

    @Test
    void closes_in_good_order_when_nothing_has_come_for_the_time_out() throws IOException {
        Route open = rig.connect().exchange();
        Injected blackhole = rig.inject(new Blackhole(Direction.DOWNSTREAM, A_WHILE));
        Route fresh = rig.connect();
        open.service().send("lost");

        for (Route route : List.of(open, fresh)) {
            assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
            assertThat(route.service().ending()).isEqualTo(Ending.FIN);
        }
        assertThat(blackhole.effects().ofTest()).isEqualTo(3);
        rig.connect();
        blackhole.heal();
        rig.connect().exchange();
    }

    @Test
    void what_is_swallowed_puts_the_time_out_off() throws IOException {
        Duration timeout = ofMillis(400);
        rig.inject(new Blackhole(Direction.DOWNSTREAM, timeout));
        Route route = rig.connect();
        Elapsed since = Elapsed.start();

        while (since.time().compareTo(timeout.plus(A_WHILE)) < 0) {
            route.service().send("lost");
            assertThat(route.caller().isQuietFor(ofMillis(20))).isTrue();
        }

        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
    }

    @Test
    void healing_before_the_time_out_lets_an_untouched_connection_live() throws IOException {
        Route open = rig.connect().exchange();
        rig.inject(new Blackhole(Direction.BOTH, A_WHILE)).heal();

        assertThat(open.caller().isQuietFor(A_WHILE.multipliedBy(2))).isTrue();
        open.exchange();
    }

    @Test
    void a_sender_never_feels_that_nobody_takes_it() throws Exception {
        Injected blackhole = rig.inject(new Blackhole());
        Route route = rig.connect();

        Background.call(() -> route.caller().send(new byte[20_000_000])).result(Peer.PATIENCE);

        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        assertThat(blackhole.effects().ofTest()).isPositive();
    }

    @Test
    void counts_what_a_probe_meets_apart() throws IOException {
        Injected blackhole = rig.inject(new Blackhole());
        Route probe = rig.connect(rig.probeFront());

        probe.caller().send("health");

        await().until(() -> blackhole.effects().all() == 1);
        assertThat(blackhole.effects().ofProbes()).isEqualTo(1);
    }
}
