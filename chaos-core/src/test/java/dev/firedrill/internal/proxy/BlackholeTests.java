package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Latency;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
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

    /** Eight thousand that nobody needs any more would have locked the link. */
    @Test
    void lets_go_when_nobody_has_anything_left_to_say() throws IOException {
        List<Route> routes = new ArrayList<>();
        Belongings before = Belongings.now();
        for (int i = 0; i < 4; i++) {
            routes.add(rig.connect().exchange());
        }
        Injected blackhole = rig.inject(new Blackhole());
        Route finished = routes.get(0);
        finished.caller().finish();
        assertThat(finished.caller().isQuietFor(A_WHILE)).isTrue();
        finished.service().finish();
        assertThat(finished.caller().ending()).isEqualTo(Ending.RST);
        assertThat(finished.service().ending()).isEqualTo(Ending.RST);

        Route left = routes.get(1);
        left.caller().reset();
        assertThat(left.service().isQuietFor(A_WHILE)).isTrue();
        left.service().finish();
        assertThat(left.service().ending()).isEqualTo(Ending.RST);

        Route twice = routes.get(2);
        twice.caller().finish();
        assertThat(twice.service().isQuietFor(A_WHILE)).isTrue();
        twice.caller().reset();
        assertThat(twice.service().isQuietFor(A_WHILE)).isTrue();
        twice.service().finish();
        assertThat(twice.service().ending()).isEqualTo(Ending.RST);

        Route dead = routes.get(3);
        dead.service().reset();
        dead.caller().reset();

        for (Route route : routes) {
            route.caller().close();
            route.service().close();
        }
        await().untilAsserted(
                        () -> assertThat(Belongings.now().socketsSince(before)).isEmpty());
        blackhole.heal();
        rig.connect().exchange();
    }

    @Test
    void whoever_got_an_end_sees_no_reset_behind_it() throws IOException {
        Route route = rig.connect().exchange();
        rig.inject(new Blackhole(Direction.UPSTREAM));
        route.caller().finish();
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        route.service().send("still here").finish();
        assertThat(route.caller().receive(10)).isEqualTo("still here");
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(route.service().ending()).isEqualTo(Ending.RST);
    }

    @Test
    void an_end_that_is_still_on_its_way_arrives_before() throws IOException {
        Route route = rig.connect().exchange();
        rig.inject(new Latency(A_WHILE.multipliedBy(3), Duration.ZERO, Direction.DOWNSTREAM));
        rig.inject("2-blackhole", new Blackhole(Direction.UPSTREAM), Schedule.now());
        route.service().send("last words").finish();
        await().until(() -> rig.passed(Direction.DOWNSTREAM) == 11);
        route.caller().finish();
        assertThat(route.caller().receive(10)).isEqualTo("last words");
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
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
