package dev.firedrill.internal.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.server.FiredrillServer;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Ours. */
class ToxicContractTests extends ToxicContract {

    private static FiredrillServer server;

    @BeforeAll
    static void start() {
        server = FiredrillServer.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Override
    InetSocketAddress api() {
        return server.address();
    }

    // ---- where it does better than the reference

    @Test
    void reset_peer_resets_connections_that_are_open_already() throws IOException {
        Route open = connect().exchange();
        proxy.toxics().resetPeer("rst", ToxicDirection.UPSTREAM, 0);
        open.caller().send("x");
        assertThat(open.caller().ending()).isEqualTo(Ending.RST);
        assertThat(open.service().ending()).isEqualTo(Ending.RST);
    }

    @Test
    void a_half_closed_connection_stays_so() throws IOException {
        Route open = connect().exchange();
        open.caller().finish();
        assertThat(open.service().ending()).isEqualTo(Ending.FIN);
        open.service().send("still here");
        assertThat(open.caller().receive(10)).isEqualTo("still here");
    }

    @Test
    void control_never_waits_for_a_peer_that_stopped_reading() throws Exception {
        Route stuck = connect().exchange();
        Background<Boolean> sending = Background.run(() -> stuck.service().send(new byte[50_000_000]));
        assertThat(stuck.service().isQuietFor(Duration.ofMillis(100))).isTrue();
        Elapsed since = Elapsed.start();
        for (int i = 0; i < 20; i++) {
            proxy.toxics().latency("slow", ToxicDirection.DOWNSTREAM, 10);
            proxy.toxics().bandwidth("narrow", ToxicDirection.DOWNSTREAM, 1_000);
            proxy.toxics().get("slow").remove();
            proxy.toxics().get("narrow").remove();
        }
        assertThat(since.time()).isLessThan(Peer.PATIENCE);
        stuck.caller().reset();
        await().until(sending::isDone);
    }
}
