package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.internal.Front.Sight;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SlowConnectTests {

    private static final Duration DELAY = ofMillis(400);
    private static final Duration A_WHILE = ofMillis(100);
    private static final Duration LONG = ofSeconds(30);

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void accepts_at_once_and_reaches_the_service_later_with_all_that_was_sent() throws IOException {
        Injected slow = rig.inject(new SlowConnect(DELAY));

        Elapsed elapsed = Elapsed.start();
        Peer caller = rig.caller();
        assertThat(elapsed.time()).isLessThan(DELAY);
        caller.send("request").finish();
        assertThat(rig.server().isLeftAloneFor(A_WHILE)).isTrue();
        assertThat(rig.front().traffic().upstream()).as("nothing is read").isZero();

        Peer service = rig.server().accepted();
        assertThat(elapsed.time()).isGreaterThanOrEqualTo(DELAY);
        assertThat(service.receive(8)).isEqualTo("request");
        service.send("reply").finish();
        assertThat(caller.receive(6)).isEqualTo("reply");
        assertThat(slow.effects().ofTest()).isEqualTo(1);
        assertThat(slow.effects().all()).isEqualTo(1);
    }

    @Test
    void leaves_open_connections_alone() throws IOException {
        Route open = rig.connect().exchange();
        Injected slow = rig.inject(new SlowConnect(LONG));

        open.exchange().exchange();

        assertThat(slow.effects().all()).isZero();
    }

    @Test
    void connections_wait_side_by_side() throws IOException {
        Injected slow = rig.inject(new SlowConnect(DELAY));

        Elapsed elapsed = Elapsed.start();
        for (int i = 0; i < 20; i++) {
            rig.caller();
        }
        for (int i = 0; i < 20; i++) {
            rig.server().accepted();
        }

        assertThat(elapsed.time()).isLessThan(DELAY.multipliedBy(10));
        assertThat(slow.effects().ofTest()).isEqualTo(20);
    }

    @Test
    void healing_lets_those_that_wait_go_on_at_once() throws IOException {
        Injected slow = rig.inject(new SlowConnect(LONG));
        Peer first = rig.caller().send("first");
        Peer second = rig.caller().send("second");
        assertThat(rig.server().isLeftAloneFor(A_WHILE)).isTrue();

        Elapsed elapsed = Elapsed.start();
        slow.heal();

        assertThat(rig.server().accepted().receive(5)).isEqualTo("first");
        assertThat(rig.server().accepted().receive(6)).isEqualTo("second");
        rig.connect().exchange();
        assertThat(elapsed.time()).isLessThan(ofSeconds(5));
        assertThat(slow.effects().all()).isEqualTo(2);
        first.close();
        second.close();
    }

    @Test
    void several_add_up_and_each_is_healed_by_itself() throws IOException {
        Injected one = rig.inject("1-slow-connect", new SlowConnect(DELAY), Schedule.now());
        Injected other = rig.inject("2-slow-connect", new SlowConnect(DELAY), Schedule.now());
        Elapsed elapsed = Elapsed.start();
        rig.connect().exchange();
        assertThat(elapsed.time()).isGreaterThanOrEqualTo(DELAY.multipliedBy(2));
        assertThat(one.effects().ofTest()).isEqualTo(1);
        assertThat(other.effects().ofTest()).isEqualTo(1);

        one.heal();
        other.heal();
        Injected forEver = rig.inject("3-slow-connect", new SlowConnect(LONG), Schedule.now());
        Injected behind = rig.inject("4-slow-connect", new SlowConnect(LONG), Schedule.now());
        rig.caller();
        await().until(() -> forEver.effects().ofTest() == 1);
        forEver.heal();
        await().until(() -> behind.effects().ofTest() == 1);
        assertThat(rig.server().isLeftAloneFor(A_WHILE)).isTrue();
        behind.heal();
        rig.server().accepted();
    }

    @Test
    void only_the_connections_that_are_hit_wait() throws IOException {
        Injected slow = rig.inject(
                "1-slow-connect", new SlowConnect(LONG), Schedule.now().nth(2));

        rig.connect().exchange();
        rig.caller();

        assertThat(rig.server().isLeftAloneFor(A_WHILE)).isTrue();
        assertThat(slow.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void counts_what_a_probe_meets_apart() throws IOException {
        Injected slow = rig.inject(new SlowConnect(ofMillis(10)));

        rig.connect(rig.probeFront()).exchange();

        assertThat(slow.effects().ofProbes()).isEqualTo(1);
        assertThat(slow.effects().ofTest()).isZero();
    }

    @Test
    void who_is_turned_away_does_not_wait_for_it() throws IOException {
        Injected slow = rig.inject("1-slow-connect", new SlowConnect(LONG), Schedule.now());
        rig.inject("2-refuse", new Refuse(), Schedule.now());

        assertThat(Peer.endingOfNew(rig.front().address())).isEqualTo(Ending.RST);
        assertThat(slow.effects().all()).isZero();
    }

    @Test
    void a_caller_that_has_left_meanwhile_is_told_of_as_it_left() throws IOException {
        Injected slow = rig.inject(new SlowConnect(LONG));
        Peer patient = rig.caller().send("bye");
        await().until(() -> slow.effects().ofTest() == 1);
        patient.close();

        slow.heal();

        Peer service = rig.server().accepted();
        assertThat(service.receive(4)).isEqualTo("bye");
        assertThat(service.ending()).isEqualTo(Ending.FIN);
    }

    @Test
    void a_node_that_dies_meanwhile_resets_those_that_wait() throws IOException {
        Injected slow = rig.inject(new SlowConnect(LONG));
        Peer caller = rig.caller();
        await().until(() -> slow.effects().ofTest() == 1);
        Counted effects = new Counted();

        rig.front().show(Sight.RESET, effects);

        assertThat(caller.ending()).isEqualTo(Ending.RST);
        assertThat(effects.ofTest()).isEqualTo(1);
        rig.front().show(Sight.UP, effects);
        slow.heal();
        assertThat(rig.server().isLeftAloneFor(A_WHILE)).isTrue();
    }

    @Test
    void closing_the_link_closes_those_that_wait() throws IOException {
        Injected slow = rig.inject(new SlowConnect(LONG));
        Peer caller = rig.caller();
        await().until(() -> slow.effects().ofTest() == 1);

        rig.front().close();

        assertThat(caller.ending()).isEqualTo(Ending.FIN);
        slow.heal();
        assertThat(rig.server().isLeftAloneFor(A_WHILE)).isTrue();
    }
}
