package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Direction;
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

class SlowCloseTests {

    private static final Duration DELAY = ofMillis(200);

    @RegisterExtension
    final Rig rig = new Rig();

    @ParameterizedTest
    @EnumSource(Direction.class)
    void delays_the_end_of_the_covered_directions_and_nothing_else(Direction covered) throws IOException {
        Injected slow = rig.inject(new SlowClose(DELAY, covered));

        for (Direction way : List.of(Direction.UPSTREAM, Direction.DOWNSTREAM)) {
            boolean late = way == covered || covered == Direction.BOTH;
            Route route = rig.connect().exchange();
            Elapsed elapsed = Elapsed.start();
            route.from(way).send("last words").finish();
            assertThat(route.to(way).receive(10)).isEqualTo("last words");
            assertThat(elapsed.time()).isLessThan(DELAY);
            assertThat(route.to(way).ending()).isEqualTo(Ending.FIN);
            assertThat(elapsed.time().compareTo(DELAY) >= 0).as("%s", way).isEqualTo(late);
        }
        assertThat(slow.effects().ofTest()).isEqualTo(covered == Direction.BOTH ? 2 : 1);
        assertThat(slow.effects().all()).isEqualTo(slow.effects().ofTest());
    }

    @Test
    void the_other_direction_goes_on_while_an_end_is_held_and_behind_it() throws IOException {
        rig.inject(new SlowClose(DELAY));
        Route route = rig.connect().exchange();

        Elapsed elapsed = Elapsed.start();
        route.caller().finish();
        route.service().send("before ");
        assertThat(route.caller().receive(7)).isEqualTo("before ");
        assertThat(route.service().ending()).isEqualTo(Ending.FIN);
        route.service().send("and after").finish();

        assertThat(route.caller().receive(9)).isEqualTo("and after");
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(elapsed.time()).isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
    }

    @Test
    void delays_a_reset() throws IOException {
        Route open = rig.connect().exchange();
        Injected slow = rig.inject(new SlowClose(DELAY));

        Elapsed elapsed = Elapsed.start();
        open.service().reset();

        assertThat(open.caller().ending()).isEqualTo(Ending.RST);
        assertThat(elapsed.time()).isGreaterThanOrEqualTo(DELAY);
        assertThat(slow.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void a_reset_behind_an_end_comes_behind_it_and_counts_with_it() throws IOException {
        Injected slow = rig.inject(new SlowClose(DELAY, Direction.DOWNSTREAM));
        Route route = rig.connect().exchange();

        Elapsed elapsed = Elapsed.start();
        route.service().finish();
        await().until(() -> slow.effects().ofTest() == 1);
        route.service().reset();

        route.caller().ending();
        assertThat(elapsed.time()).isGreaterThanOrEqualTo(DELAY);
        assertThat(slow.effects().all()).isEqualTo(1);
    }

    @Test
    void without_an_end_or_a_delay_nothing_is_counted() throws IOException {
        Injected slow = rig.inject("1-slow-close", new SlowClose(ofSeconds(30)), Schedule.now());
        rig.connect().exchange();
        assertThat(slow.effects().all()).isZero();
        slow.heal();
        Injected none = rig.inject("2-slow-close", new SlowClose(Duration.ZERO), Schedule.now());

        Route route = rig.connect().exchange();
        route.service().finish();

        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(none.effects().all()).isZero();
    }

    @Test
    void counts_what_a_probe_meets_apart() throws IOException {
        Injected slow = rig.inject(new SlowClose(ofMillis(10)));
        Route route = rig.connect(rig.probeFront());

        route.service().finish();

        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(slow.effects().ofProbes()).isEqualTo(1);
        assertThat(slow.effects().ofTest()).isZero();
    }

    @Test
    void only_the_connections_that_are_hit_end_late() throws IOException {
        Injected slow = rig.inject(
                "1-slow-close", new SlowClose(ofSeconds(30)), Schedule.now().nth(2));
        Route first = rig.connect().exchange();
        first.service().finish();
        assertThat(first.caller().ending()).isEqualTo(Ending.FIN);

        Route second = rig.connect().exchange();
        second.service().finish();

        assertThat(second.caller().isQuietFor(ofMillis(50))).isTrue();
        assertThat(slow.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void healing_passes_on_the_ends_that_are_held() throws IOException {
        Injected slow = rig.inject(new SlowClose(ofSeconds(30)));
        Route orderly = rig.connect().exchange();
        Route abrupt = rig.connect().exchange();
        orderly.service().finish();
        abrupt.service().reset();
        await().until(() -> slow.effects().ofTest() == 2);
        assertThat(orderly.caller().isQuietFor(ofMillis(30))).isTrue();

        Elapsed elapsed = Elapsed.start();
        slow.heal();

        assertThat(orderly.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(abrupt.caller().ending()).isEqualTo(Ending.RST);
        orderly.caller().send("more");
        assertThat(orderly.service().receive(4)).isEqualTo("more");
        assertThat(elapsed.time()).isLessThan(ofSeconds(5));
    }
}
