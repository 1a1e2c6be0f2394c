package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Direction;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ResetPeerTests {

    @RegisterExtension
    final Rig rig = new Rig();

    @ParameterizedTest
    @CsvSource({"BOTH, RST, RST", "DOWNSTREAM, RST, FIN", "UPSTREAM, FIN, RST"})
    void resets_open_and_new_connections_at_their_next_byte(Direction seenBy, Ending caller, Ending service)
            throws IOException {
        Route open = rig.connect().exchange();
        Injected reset = rig.inject(new ResetPeer(Duration.ZERO, seenBy));
        Route fresh = rig.connect();

        for (Route each : new Route[] {open, fresh}) {
            each.caller().send("request");

            assertThat(each.caller().ending()).isEqualTo(caller);
            assertThat(each.service().ending()).isEqualTo(service);
        }
        assertThat(reset.effects().ofTest()).isEqualTo(2);
        assertThat(reset.effects().all()).isEqualTo(2);
    }

    @Test
    void a_byte_of_the_service_starts_it_too() throws IOException {
        rig.inject(new ResetPeer());
        Route route = rig.connect();

        route.service().send("greeting");

        assertThat(route.caller().ending()).isEqualTo(Ending.RST);
        assertThat(route.service().ending()).isEqualTo(Ending.RST);
    }

    @Test
    void leaves_a_connection_alone_on_which_nobody_speaks() throws IOException {
        Route open = rig.connect().exchange();
        Injected reset = rig.inject(new ResetPeer());
        Route fresh = rig.connect();

        assertThat(open.caller().isQuietFor(ofMillis(100))).isTrue();
        assertThat(fresh.caller().isQuietFor(ofMillis(100))).isTrue();

        assertThat(reset.effects().all()).isZero();
        reset.heal();
        open.exchange();
        fresh.exchange();
    }

    @Test
    void counts_what_a_probe_meets_apart() throws IOException {
        Injected reset = rig.inject(new ResetPeer());
        Route probe = rig.connect(rig.probeFront());

        probe.caller().send("health");

        assertThat(probe.caller().ending()).isEqualTo(Ending.RST);
        assertThat(reset.effects().ofProbes()).isEqualTo(1);
        assertThat(reset.effects().all()).isEqualTo(1);
    }

    @Test
    void resets_only_when_the_delay_after_the_first_byte_is_over() throws IOException {
        Injected reset = rig.inject(new ResetPeer(ofMillis(300)));
        Route route = rig.connect();
        assertThat(route.caller().isQuietFor(ofMillis(100))).isTrue();

        Elapsed elapsed = Elapsed.start();
        route.exchange().exchange();
        assertThat(route.caller().ending()).isEqualTo(Ending.RST);

        assertThat(elapsed.time()).isBetween(ofMillis(300), ofSeconds(5));
        assertThat(route.service().ending()).isEqualTo(Ending.RST);
        assertThat(reset.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void healing_leaves_connections_alone_that_were_not_reset_yet() throws IOException {
        Injected reset = rig.inject(new ResetPeer(ofMillis(200)));
        Route begun = rig.connect().exchange();

        reset.heal();

        assertThat(begun.caller().isQuietFor(ofMillis(400))).isTrue();
        begun.exchange();
        rig.connect().exchange();
        assertThat(reset.effects().all()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"UPSTREAM", "DOWNSTREAM"})
    void the_end_that_sees_no_reset_sees_none_though_it_keeps_talking(Direction seenBy) throws IOException {
        Route route = rig.connect().exchange();
        rig.inject(new ResetPeer(Duration.ZERO, seenBy));
        Peer spared = seenBy == Direction.UPSTREAM ? route.caller() : route.service();

        Background<Boolean> talker = Background.run(() -> {
            while (true) {
                spared.send(new byte[10_000]);
            }
        });

        assertThat(spared.ending()).isEqualTo(Ending.FIN);
        await().during(ofMillis(200)).until(() -> !talker.isDone());
        spared.close();
        await().until(talker::isDone);
    }

    @Test
    void a_reset_connection_stays_closed_after_healing() throws IOException {
        Injected reset = rig.inject(new ResetPeer());
        Route route = rig.connect();
        route.caller().send("request");
        assertThat(route.caller().ending()).isEqualTo(Ending.RST);

        reset.heal();

        assertThat(route.service().ending()).isEqualTo(Ending.RST);
        assertThatThrownBy(() -> route.caller().send("again")).isInstanceOf(SocketException.class);
    }
}
