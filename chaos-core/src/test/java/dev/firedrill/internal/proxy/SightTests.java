package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.internal.Front.Sight;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Route;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a node looks from a link while it is down, frozen, or changes. */
class SightTests {

    private static final Duration A_WHILE = ofMillis(100);

    @RegisterExtension
    final Rig rig = new Rig();

    final Counted effects = new Counted();

    private void show(Sight sight) {
        rig.front().show(sight, effects);
    }

    @Test
    void reset_ends_open_connections_at_once_and_new_ones_as_they_come() throws IOException {
        Route idle = rig.connect().exchange();
        Route asking = rig.connect().exchange();
        asking.caller().send("what");
        assertThat(asking.service().receive(4)).isEqualTo("what");

        show(Sight.RESET);

        assertThat(asking.caller().ending()).isEqualTo(Ending.RST);
        assertThat(idle.caller().ending())
                .as("as the kernel does for a dead process")
                .isEqualTo(Ending.FIN);
        assertThat(effects.ofTest()).as("who is idle has not met it yet").isEqualTo(1);
        await().until(() -> !speak(idle.caller()));
        assertThat(effects.ofTest()).isEqualTo(2);
        assertThat(Peer.endingOfNew(rig.front().address())).isEqualTo(Ending.RST);
        assertThat(rig.server().isLeftAloneFor(A_WHILE)).isTrue();
        assertThat(effects.ofTest()).isEqualTo(3);
        assertThat(effects.all()).isEqualTo(3);

        show(Sight.UP);
        rig.connect().exchange();
        assertThat(effects.all()).isEqualTo(3);
    }

    @Test
    void silent_swallows_and_counts_what_is_sent_and_keeps_everything_open() throws IOException {
        Route open = rig.connect().exchange();

        show(Sight.SILENT);
        assertThat(effects.all()).isZero();
        open.caller().send("anybody there?");
        await().until(() -> effects.ofTest() == 1);
        Peer fresh = rig.caller();
        await().until(() -> effects.ofTest() == 2);
        fresh.send("hello?");
        await().until(() -> effects.ofTest() == 3);
        open.service().send("the last words of a dying node");

        assertThat(open.caller().isQuietFor(A_WHILE)).isTrue();
        assertThat(open.service().isQuietFor(A_WHILE)).isTrue();
        assertThat(fresh.isQuietFor(A_WHILE)).isTrue();
        assertThat(rig.server().isLeftAloneFor(A_WHILE)).isTrue();
        assertThat(effects.all()).isEqualTo(3);
    }

    @Test
    void silent_hides_that_the_node_died_and_leaving_it_resets_everything() throws IOException {
        Route reset = rig.connect().exchange();
        Route finished = rig.connect().exchange();
        show(Sight.SILENT);
        Peer fresh = rig.caller();
        await().until(() -> effects.ofTest() == 1);

        reset.service().reset();
        finished.service().close();
        assertThat(reset.caller().isQuietFor(A_WHILE)).isTrue();
        assertThat(finished.caller().isQuietFor(A_WHILE)).isTrue();

        show(Sight.CHANGING);
        assertThat(reset.caller().ending()).isEqualTo(Ending.RST);
        assertThat(finished.caller().ending()).isEqualTo(Ending.RST);
        assertThat(fresh.ending()).isEqualTo(Ending.RST);
        show(Sight.UP);
        rig.connect().exchange();
    }

    @Test
    void silent_holds_on_to_a_caller_that_only_finished_and_lets_go_of_one_that_reset() throws IOException {
        Route finished = rig.connect().exchange();
        Route reset = rig.connect().exchange();
        show(Sight.SILENT);

        finished.caller().finish();
        reset.caller().reset();

        assertThat(reset.service().ending()).isEqualTo(Ending.RST);
        assertThat(finished.service().isQuietFor(A_WHILE)).isTrue();
        assertThat(finished.caller().isQuietFor(A_WHILE)).isTrue();
        show(Sight.RESET);
        assertThat(finished.caller().ending()).isEqualTo(Ending.RST);
    }

    @Test
    void frozen_passes_on_and_counts_what_goes_to_the_node() throws IOException {
        Route open = rig.connect().exchange();

        show(Sight.FROZEN);
        open.caller().send("question");
        assertThat(open.service().receive(8)).isEqualTo("question");
        assertThat(effects.ofTest()).isEqualTo(1);
        open.service().send("answer");
        assertThat(open.caller().receive(6)).isEqualTo("answer");
        Route fresh = rig.connect();
        assertThat(effects.ofTest()).isEqualTo(2);

        show(Sight.UP);
        open.exchange();
        fresh.exchange();
        assertThat(effects.all()).isEqualTo(2);
    }

    @Test
    void changing_passes_new_connections_on_if_the_node_takes_them_and_counts_those_that_it_does_not()
            throws IOException {
        show(Sight.CHANGING);

        rig.connect().exchange();
        assertThat(effects.all()).isZero();

        InetSocketAddress nobody = rig.server().address();
        rig.server().close();
        rig.leadsTo(nobody);
        assertThat(Peer.endingOfNew(rig.front().address())).isEqualTo(Ending.RST);
        // the open one was in use since the change began, and the node has ended it
        await().until(() -> effects.ofTest() == 2);
    }

    @Test
    void changing_counts_a_connection_that_the_node_ends_once_and_only_if_its_caller_has_to_do_with_it()
            throws IOException {
        Route asking = rig.connect().exchange();
        asking.caller().send("what");
        assertThat(asking.service().receive(4)).isEqualTo("what");
        Route finished = rig.connect().exchange();
        Route reset = rig.connect().exchange();
        Route left = rig.connect().exchange();
        show(Sight.CHANGING);

        asking.service().reset();
        assertThat(asking.caller().ending()).isEqualTo(Ending.RST);
        await().until(() -> effects.ofTest() == 1);
        finished.service().close();
        assertThat(finished.caller().ending()).isEqualTo(Ending.FIN);
        reset.service().reset();
        assertThat(reset.caller().ending())
                .as("a reset would leave nobody to speak to")
                .isEqualTo(Ending.FIN);
        left.caller().finish();
        assertThat(left.service().ending()).isEqualTo(Ending.FIN);
        left.service().finish();
        assertThat(left.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(effects.all()).isEqualTo(1);

        // the node has forgotten the connections, and whoever still speaks on one is told so, even when it is back
        await().until(() -> !speak(finished.caller()));
        show(Sight.UP);
        await().until(() -> !speak(reset.caller()));
        assertThat(effects.ofTest()).isEqualTo(3);
        assertThat(effects.all()).isEqualTo(3);
    }

    private static boolean speak(Peer peer) throws IOException {
        try {
            peer.send("still there?");
            return true;
        } catch (SocketException e) {
            return false;
        }
    }

    @Test
    void counts_what_probes_meet_apart() throws IOException {
        Route probe = rig.connect(rig.probeFront()).exchange();
        probe.caller().send("well?");
        assertThat(probe.service().receive(5)).isEqualTo("well?");

        rig.probeFront().show(Sight.RESET, effects);

        assertThat(probe.caller().ending()).isEqualTo(Ending.RST);
        assertThat(effects.ofProbes()).isEqualTo(1);
        assertThat(effects.all()).isEqualTo(1);
    }

    @Test
    void showing_something_after_the_proxy_was_closed_is_no_error() {
        rig.proxy().close();

        show(Sight.UP);
    }
}
