package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several faults on one link. */
class ChainTests {

    private static final Duration SHORT = ofMillis(1);

    @RegisterExtension
    final Rig rig = new Rig();

    private Injected inject(int place, Fault fault) {
        return rig.inject(place + "-" + fault.kind(), fault, Schedule.now());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void faults_stand_in_the_order_of_declaration_from_client_to_server(boolean openBefore) throws IOException {
        Route route = openBefore ? rig.connect().exchange() : null;
        Injected nearCaller = inject(1, new Latency(SHORT, Duration.ZERO, Direction.BOTH));
        Injected blackhole = inject(2, new Blackhole());
        Injected nearService = inject(3, new Latency(SHORT, Duration.ZERO, Direction.BOTH));
        Route used = route != null ? route : rig.connect();

        used.caller().send("request");
        await().until(() -> blackhole.effects().ofTest() == 1);
        assertThat(nearCaller.effects().ofTest()).as("met first").isEqualTo(1);
        assertThat(nearService.effects().ofTest()).as("never reached").isZero();

        used.service().send("reply");
        await().until(() -> blackhole.effects().ofTest() == 2);
        assertThat(nearService.effects().ofTest()).as("met first").isEqualTo(1);
        assertThat(nearCaller.effects().ofTest()).as("never reached").isEqualTo(1);
    }

    @Test
    void faults_stand_in_the_order_of_declaration_though_the_first_began_last() throws IOException {
        Route route = rig.connect().exchange();
        Injected third = inject(10, new Latency(SHORT, Duration.ZERO, Direction.BOTH));
        Injected first = inject(2, new Latency(SHORT, Duration.ZERO, Direction.BOTH));
        Injected blackhole = inject(9, new Blackhole());

        route.caller().send("request");
        await().until(() -> blackhole.effects().ofTest() == 1);
        assertThat(first.effects().ofTest()).isEqualTo(1);
        assertThat(third.effects().ofTest()).isZero();

        route.service().send("reply");
        await().until(() -> blackhole.effects().ofTest() == 2);
        assertThat(first.effects().ofTest()).isEqualTo(1);
        assertThat(third.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void two_of_a_kind_both_act() throws IOException {
        Injected one = inject(1, new Latency(ofMillis(100)));
        Injected other = inject(2, new Latency(ofMillis(100)));
        Route route = rig.connect();

        Elapsed elapsed = Elapsed.start();
        route.service().send("reply");
        assertThat(route.caller().receive(5)).isEqualTo("reply");

        assertThat(elapsed.time()).isBetween(ofMillis(200), ofSeconds(2));
        assertThat(one.effects().ofTest()).isEqualTo(1);
        assertThat(other.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void of_two_rates_the_lower_one_counts() throws Exception {
        inject(1, new Bandwidth(DataRate.parse("1MB/s")));
        inject(2, new Bandwidth(DataRate.parse("100KB/s")));
        Route route = rig.connect();

        Elapsed elapsed = Elapsed.start();
        Background<Peer> sender = Background.call(() -> route.service().send(new byte[50_000]));
        route.caller().receiveBytes(50_000);

        assertThat(elapsed.time()).isBetween(ofMillis(470), ofSeconds(2));
        sender.result(Peer.PATIENCE);
    }

    @Test
    void healing_one_of_several_keeps_the_others_and_the_order() throws IOException {
        Injected outer = inject(1, new Latency(ofSeconds(30), Duration.ZERO, Direction.BOTH));
        Injected stall = inject(2, new Bandwidth(new DataRate(0)));
        Injected inner = inject(3, new Latency(ofSeconds(30), Duration.ZERO, Direction.BOTH));
        Route route = rig.connect();
        route.caller().send("one ");
        await().until(() -> outer.effects().ofTest() == 1);

        outer.heal();
        await().until(() -> stall.effects().ofTest() == 1);
        route.caller().send("two ");
        stall.heal();
        await().until(() -> inner.effects().ofTest() >= 1);
        route.caller().send("three");
        assertThat(route.service().isQuietFor(ofMillis(50))).isTrue();
        inner.heal();

        assertThat(route.service().receive(13)).isEqualTo("one two three");
    }

    @Test
    void what_is_held_behind_a_reset_never_arrives() throws IOException {
        inject(1, new Latency(ofMillis(200), Duration.ZERO, Direction.UPSTREAM));
        Injected reset = inject(2, new ResetPeer());
        Route route = rig.connect();

        Elapsed elapsed = Elapsed.start();
        route.caller().send("too late");

        assertThat(route.service().ending()).isEqualTo(Ending.RST);
        assertThat(elapsed.time()).as("the reset stands behind the delay").isGreaterThanOrEqualTo(ofMillis(200));
        assertThat(reset.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void a_fault_can_be_healed_twice_and_in_any_order() throws IOException {
        Injected refuse = inject(1, new Refuse());
        Injected latency = inject(2, new Latency(SHORT));

        refuse.heal();
        latency.heal();
        latency.heal();
        refuse.heal();

        rig.connect().exchange();
        assertThat(latency.effects().all()).isZero();
    }

    @Test
    void healing_works_in_an_interrupted_thread_and_leaves_the_interrupt() throws IOException {
        Injected latency = inject(1, new Latency(ofSeconds(30)));
        Route route = rig.connect();
        route.service().send("held");

        Thread.currentThread().interrupt();
        latency.heal();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(route.caller().receive(4)).isEqualTo("held");
    }

    @Test
    void healing_after_the_proxy_was_closed_is_no_error() throws IOException {
        Injected latency = inject(1, new Latency(ofSeconds(30)));
        rig.connect().service().send("held");

        rig.proxy().close();

        latency.heal();
    }
}
