package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.firedrill.BareLinks;
import dev.firedrill.Link;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Refuse;
import dev.firedrill.internal.Front;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a link does while no fault is in force. */
class PassageTests {

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void passes_everything_both_ways_at_once_and_counts_it() throws Exception {
        Route route = rig.connect();
        byte[] up = new byte[5_000_000];
        byte[] down = new byte[7_000_000];
        new Random(1).nextBytes(up);
        new Random(2).nextBytes(down);

        Background<Peer> caller = Background.call(() -> route.caller().send(up).finish());
        Background<Peer> service =
                Background.call(() -> route.service().send(down).finish());
        Background<byte[]> received = Background.call(() -> route.service().receiveBytes(up.length));

        assertThat(route.caller().receiveBytes(down.length)).isEqualTo(down);
        assertThat(received.result(Peer.PATIENCE)).isEqualTo(up);
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(route.service().ending()).isEqualTo(Ending.FIN);
        caller.result(Peer.PATIENCE);
        service.result(Peer.PATIENCE);
        assertThat(rig.front().traffic()).isEqualTo(new Link.Traffic(1, up.length, down.length));
    }

    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"UPSTREAM", "DOWNSTREAM"})
    void an_end_of_stream_leaves_the_other_direction_open(Direction way) throws IOException {
        Route route = rig.connect().exchange();

        route.from(way).send("that is all").finish();
        assertThat(route.to(way).receive(11)).isEqualTo("that is all");
        assertThat(route.to(way).ending()).isEqualTo(Ending.FIN);

        for (int i = 0; i < 3; i++) {
            route.to(way).send("still here");
            assertThat(route.from(way).receive(10)).isEqualTo("still here");
        }
        route.to(way).finish();
        assertThat(route.from(way).ending()).isEqualTo(Ending.FIN);
    }

    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"UPSTREAM", "DOWNSTREAM"})
    void a_reset_is_passed_on_as_a_reset(Direction way) throws IOException {
        Route route = rig.connect().exchange();

        route.from(way).reset();

        assertThat(route.to(way).ending()).isEqualTo(Ending.RST);
    }

    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"UPSTREAM", "DOWNSTREAM"})
    void a_reset_after_half_of_the_end_is_passed_on_when_somebody_speaks(Direction way) throws IOException {
        Route route = rig.connect().exchange();
        route.from(way).finish();
        assertThat(route.to(way).ending()).isEqualTo(Ending.FIN);

        route.from(way).reset();

        await().until(() -> {
            try {
                route.to(way).send("anybody?");
                return false;
            } catch (IOException e) {
                return true;
            }
        });
    }

    /** Netty's epoll lost track of such a connection (netty/netty#16689). */
    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"UPSTREAM", "DOWNSTREAM"})
    void who_has_ended_may_take_a_long_reply_slowly(Direction way) throws Exception {
        Route route = rig.connect().exchange();
        Direction back = way == Direction.UPSTREAM ? Direction.DOWNSTREAM : Direction.UPSTREAM;
        byte[] reply = new byte[30_000_000];
        new Random(1).nextBytes(reply);
        route.from(way).finish();
        assertThat(route.to(way).ending()).isEqualTo(Ending.FIN);

        Background<Peer> replier =
                Background.call(() -> route.to(way).send(reply).finish());
        AtomicLong before = new AtomicLong();
        await().pollInterval(ofMillis(50)).until(() -> {
            long passed = rig.passed(back);
            return before.getAndSet(passed) == passed && passed > reply.length / 100;
        });

        assertThat(Arrays.equals(route.from(way).receiveBytes(Integer.MAX_VALUE), reply))
                .isTrue();
        replier.result(Peer.PATIENCE);
    }

    @Test
    void its_address_stays_and_each_connection_looks_anew_where_it_leads() throws IOException {
        InetSocketAddress address = rig.front().address();
        Route before = rig.connect().exchange();

        try (HandServer moved = new HandServer()) {
            rig.leadsTo(moved.address());
            Peer caller = rig.caller();
            moved.accepted().send("moved");

            assertThat(caller.receive(5)).isEqualTo("moved");
            before.exchange();
            assertThat(rig.front().address()).isEqualTo(address);
        }
    }

    @Test
    void a_server_that_is_not_there_turns_the_caller_away_by_reset_until_it_is_back() throws IOException {
        InetSocketAddress nobody = rig.server().address();
        rig.server().close();

        assertThat(Peer.endingOfNew(rig.front().address())).isEqualTo(Ending.RST);

        try (HandServer back = new HandServer(nobody)) {
            Peer caller = rig.caller();
            back.accepted().send("back");
            assertThat(caller.receive(4)).isEqualTo("back");
        }
    }

    @Test
    void a_name_that_leads_nowhere_turns_the_caller_away_by_reset() throws IOException {
        rig.leadsTo(InetSocketAddress.createUnresolved("no-such-host.invalid", 1));
        assertThat(Peer.endingOfNew(rig.front().address())).isEqualTo(Ending.RST);

        rig.leadsTo(null);
        assertThat(Peer.endingOfNew(rig.front().address())).isEqualTo(Ending.RST);
    }

    @Test
    void a_name_is_looked_up() throws IOException {
        int port = rig.server().address().getPort();
        rig.leadsTo(InetSocketAddress.createUnresolved(
                InetAddress.getLoopbackAddress().getHostAddress(), port));

        rig.connect().exchange();
    }

    @Test
    void a_link_whose_way_is_unknown_for_long_holds_up_no_other() throws Exception {
        CountDownLatch known = new CountDownLatch(1);
        Link slow = BareLinks.link(rig.proxy(), Link.TEST, "slow");
        Front front = rig.proxy().open(slow, () -> {
            try {
                known.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return rig.server().address();
        });
        Peer waiting = rig.callerOf(front);

        rig.connect().exchange();
        assertThat(waiting.isQuietFor(ofMillis(50))).isTrue();
        known.countDown();
        rig.server().accepted().send("at last");
        assertThat(waiting.receive(7)).isEqualTo("at last");
    }

    @Test
    void closing_a_link_waits_for_no_lookup_and_ends_its_connections() throws Exception {
        Link slow = BareLinks.link(rig.proxy(), Link.TEST, "slow");
        CountDownLatch never = new CountDownLatch(1);
        Front front = rig.proxy().open(slow, () -> {
            while (true) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    if (never.getCount() == 0) {
                        throw new IllegalStateException(e);
                    }
                }
            }
        });
        Peer waiting = rig.callerOf(front);

        Elapsed elapsed = Elapsed.start();
        front.close();

        assertThat(elapsed.time()).isLessThan(ofSeconds(1));
        assertThat(waiting.ending()).isNotNull();
        assertThatThrownBy(() -> Peer.connect(front.address())).isInstanceOf(IOException.class);
        rig.connect().exchange();
        never.countDown();
    }

    @Test
    void a_link_that_is_open_can_not_be_opened_again_before_it_is_closed() throws IOException {
        assertThatThrownBy(() -> rig.proxy().open(rig.link(), () -> rig.server().address()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("link test->kv is open already, at " + rig.front().address()
                        + "; close its front before opening another");

        rig.front().close();
        rig.front().close();
        Front again = rig.proxy().open(rig.link(), () -> rig.server().address());
        rig.connect(again).exchange();
    }

    @Test
    void nothing_can_be_opened_or_injected_on_a_closed_proxy() throws IOException {
        rig.proxy().close();
        rig.proxy().close();

        assertThatThrownBy(() -> rig.proxy().open(rig.link(), () -> rig.server().address()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("link test->kv can't be opened, because the embedded proxy is closed; make a new one");
        assertThatThrownBy(() -> rig.inject(new Refuse()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("1-refuse can't be injected, because the embedded proxy is closed; make a new one");
    }

    @Test
    void a_name_with_several_addresses_is_tried_to_its_last() throws IOException {
        rig.leadsTo(InetSocketAddress.createUnresolved(
                Rig.SEVERAL, rig.server().address().getPort()));

        rig.connect().exchange();
        rig.connect().exchange();
    }
}
