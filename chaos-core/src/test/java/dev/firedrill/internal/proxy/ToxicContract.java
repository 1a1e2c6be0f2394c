package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.firedrill.internal.Loopback;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Route;
import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.toxic.Latency;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each toxic does on the wire, to a new connection, to an open one, to bytes under way and when it is removed. An unmodified
 * toxiproxy-java drives it; the real Toxiproxy and ours pass the same tests. Where ours does better, that is a test of ours.
 */
abstract class ToxicContract {

    private static final Duration A_WHILE = ofMillis(150);
    private static final Duration DELAY = ofMillis(300);
    private static final int SOME = 20_000;

    private final List<Peer> peers = new ArrayList<>();
    private HandServer server;
    ToxiproxyClient client;
    Proxy proxy;

    /** Where the API is. */
    abstract InetSocketAddress api();

    @BeforeEach
    void createProxy() throws IOException {
        server = new HandServer();
        client = new ToxiproxyClient(api().getHostString(), api().getPort());
        proxy = client.createProxy(
                "kv", "127.0.0.1:0", "127.0.0.1:" + server.address().getPort());
    }

    @AfterEach
    void closeAll() throws IOException {
        client.getProxies().forEach(each -> {
            try {
                each.delete();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        for (Peer peer : peers) {
            peer.close();
        }
        server.close();
    }

    Peer accepted() {
        return server.accepted();
    }

    InetSocketAddress address() {
        return address(proxy);
    }

    private static InetSocketAddress address(Proxy of) {
        String listen = of.getListen();
        return Loopback.at(Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1)));
    }

    Route connect() throws IOException {
        return connect(proxy);
    }

    Route connect(Proxy through) throws IOException {
        Peer caller = Peer.connect(address(through));
        peers.add(caller);
        Peer service = server.accepted();
        peers.add(service);
        return new Route(caller, service);
    }

    Peer from(Route route, ToxicDirection way) {
        return way == ToxicDirection.UPSTREAM ? route.caller() : route.service();
    }

    Peer to(Route route, ToxicDirection way) {
        return way == ToxicDirection.UPSTREAM ? route.service() : route.caller();
    }

    private static ToxicDirection other(ToxicDirection way) {
        return way == ToxicDirection.UPSTREAM ? ToxicDirection.DOWNSTREAM : ToxicDirection.UPSTREAM;
    }

    /** An open connection and a new one. */
    private List<Route> oldAndNew(Route old) throws IOException {
        return List.of(old, connect());
    }

    private void passes(Route route, ToxicDirection way) throws IOException {
        from(route, way).send("hello");
        assertThat(to(route, way).receive(5)).isEqualTo("hello");
    }

    // ---- each of them

    @ParameterizedTest
    @EnumSource(ToxicDirection.class)
    void latency_delays_one_direction_and_lets_go_when_removed(ToxicDirection way) throws IOException {
        Route old = connect().exchange();
        proxy.toxics().latency("slow", way, DELAY.toMillis());

        for (Route route : oldAndNew(old)) {
            Elapsed since = Elapsed.start();
            passes(route, way);
            assertThat(since.time()).isBetween(DELAY.minusMillis(5), Peer.PATIENCE);
            passes(route, other(way));
        }
        proxy.toxics().get("slow").remove();
        proxy.toxics().latency("slower", way, ofSeconds(60).toMillis());
        from(old, way).send("under way");
        assertThat(to(old, way).isQuietFor(A_WHILE)).isTrue();
        proxy.toxics().get("slower").remove();
        assertThat(to(old, way).receive(9)).isEqualTo("under way");
        passes(old, way);
    }

    /** Once each change began the wait anew. */
    @ParameterizedTest
    @EnumSource(ToxicDirection.class)
    void latency_that_is_set_again_and_again_still_lets_through(ToxicDirection way) throws IOException {
        Route route = connect().exchange();
        Latency slow = proxy.toxics().latency("slow", way, DELAY.toMillis());
        from(route, way).send("hello");
        await().atMost(Peer.PATIENCE).pollInterval(ofMillis(20)).until(() -> {
            slow.setLatency(DELAY.toMillis());
            return !to(route, way).isQuietFor(ofMillis(5));
        });
        assertThat(to(route, way).receive(4)).isEqualTo("ello");
    }

    @ParameterizedTest
    @EnumSource(ToxicDirection.class)
    void bandwidth_paces_and_a_rate_of_zero_stalls_without_loss(ToxicDirection way) throws Exception {
        Route old = connect().exchange();
        var narrow = proxy.toxics().bandwidth("narrow", way, 50);
        for (Route route : oldAndNew(old)) {
            Elapsed since = Elapsed.start();
            Background<Boolean> sending = Background.run(() -> from(route, way).send(new byte[SOME]));
            assertThat(to(route, way).receiveBytes(SOME)).hasSize(SOME);
            sending.result(Peer.PATIENCE);
            assertThat(since.time()).isBetween(ofMillis(250), Peer.PATIENCE);
        }
        narrow.setRate(0);
        assertThat(proxy.toxics().getAll()).hasSize(1);
        Background<Boolean> sending = Background.run(() -> from(old, way).send(new byte[SOME]));
        to(old, way).isQuietFor(A_WHILE); // some of them may have been let through before
        assertThat(to(old, way).isQuietFor(A_WHILE)).isTrue();
        narrow.remove();
        sending.result(Peer.PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(ToxicDirection.class)
    void slow_close_delays_the_end_only(ToxicDirection way) throws IOException {
        Route old = connect().exchange();
        proxy.toxics().slowClose("lingering", way, DELAY.toMillis());
        for (Route route : oldAndNew(old)) {
            passes(route, way);
            Elapsed since = Elapsed.start();
            from(route, way).finish();
            assertThat(to(route, way).ending()).isEqualTo(Ending.FIN);
            assertThat(since.time()).isBetween(DELAY.minusMillis(5), Peer.PATIENCE);
        }
    }

    @ParameterizedTest
    @EnumSource(ToxicDirection.class)
    void timeout_swallows_and_closes_after_its_time(ToxicDirection way) throws IOException {
        Route old = connect().exchange();
        Elapsed since = Elapsed.start();
        proxy.toxics().timeout("hole", way, DELAY.toMillis());
        swallowed(old, way, since);
        since = Elapsed.start();
        swallowed(connect(), way, since);
    }

    private void swallowed(Route route, ToxicDirection way, Elapsed since) throws IOException {
        from(route, way).send("lost");
        assertThat(to(route, way).receive(4)).isEmpty();
        assertThat(since.time()).isBetween(DELAY.minusMillis(5), Peer.PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(ToxicDirection.class)
    void timeout_of_zero_never_closes_until_it_is_removed(ToxicDirection way) throws IOException {
        Route old = connect().exchange();
        proxy.toxics().timeout("hole", way, 0);
        List<Route> routes = oldAndNew(old);
        for (Route route : routes) {
            from(route, way).send("lost");
            assertThat(to(route, way).isQuietFor(A_WHILE)).isTrue();
        }
        proxy.toxics().get("hole").remove();
        for (Route route : routes) {
            assertThat(to(route, way).isQuietFor(Peer.PATIENCE)).isFalse();
        }
        connect().exchange();
    }

    @ParameterizedTest
    @EnumSource(ToxicDirection.class)
    void timeout_swallows_bytes_and_passes_an_end_on(ToxicDirection way) throws IOException {
        Route old = connect().exchange();
        proxy.toxics().timeout("hole", way, 0);
        for (Route route : oldAndNew(old)) {
            from(route, way).send("lost").finish();
            assertThat(to(route, way).receive(4)).isEmpty();
            to(route, way).close();
            assertThat(from(route, way).isQuietFor(Peer.PATIENCE)).isFalse();
        }
        Route broken = connect();
        from(broken, way).reset();
        assertThat(to(broken, way).isQuietFor(Peer.PATIENCE)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(ToxicDirection.class)
    void reset_peer_resets_new_connections_with_their_first_bytes(ToxicDirection way) throws IOException {
        proxy.toxics().resetPeer("rst", way, 0);
        Route route = connect();
        from(route, way).send("x");
        assertThat(route.caller().ending()).isEqualTo(Ending.RST);
        assertThat(route.service().ending()).isEqualTo(Ending.RST);
        proxy.toxics().get("rst").remove();
        connect().exchange();
    }

    @ParameterizedTest
    @EnumSource(ToxicDirection.class)
    void reset_peer_waits_for_its_time_and_swallows_what_set_it_off(ToxicDirection way) throws IOException {
        proxy.toxics().resetPeer("rst", way, DELAY.toMillis());
        Route route = connect();
        passes(route, other(way));
        Elapsed since = Elapsed.start();
        from(route, way).send("x");
        assertThat(bytesBeforeReset(to(route, way))).isZero();
        assertThat(since.time()).isBetween(DELAY.minusMillis(5), Peer.PATIENCE);
        assertThat(from(route, way).ending()).isEqualTo(Ending.RST);
    }

    private static int bytesBeforeReset(Peer peer) throws IOException {
        int bytes = 0;
        try {
            while (peer.input().read() >= 0) {
                bytes++;
            }
            throw new AssertionError("it ended in good order after " + bytes + " bytes");
        } catch (SocketException e) {
            assertThat(Peer.ending(e)).isEqualTo(Ending.RST);
            return bytes;
        }
    }

    @ParameterizedTest
    @EnumSource(ToxicDirection.class)
    void slicer_cuts_into_pieces_and_loses_nothing(ToxicDirection way) throws IOException {
        Route old = connect().exchange();
        proxy.toxics().slicer("knife", way, 4, 20_000);
        for (Route route : oldAndNew(old)) {
            from(route, way).send("0123456789abcdef");
            List<String> pieces = to(route, way).receivePieces(16);
            assertThat(String.join("", pieces)).isEqualTo("0123456789abcdef");
            assertThat(pieces).hasSizeGreaterThan(1).allMatch(piece -> piece.length() <= 8);
        }
    }

    @ParameterizedTest
    @EnumSource(ToxicDirection.class)
    void limit_data_passes_so_many_bytes_and_closes(ToxicDirection way) throws IOException {
        Route old = connect().exchange();
        proxy.toxics().limitData("quota", way, 10);
        for (Route route : oldAndNew(old)) {
            from(route, way).send("0123456789abcdef");
            assertThat(to(route, way).receive(16)).isEqualTo("0123456789");
        }
    }

    @Test
    void limit_data_goes_on_counting_when_the_limit_changes() throws IOException {
        var quota = proxy.toxics().limitData("quota", ToxicDirection.DOWNSTREAM, 10);
        Route route = connect();
        route.service().send("01234567");
        assertThat(route.caller().receive(8)).isEqualTo("01234567");
        quota.setBytes(12);
        route.service().send("89abcdef");
        assertThat(route.caller().receive(8)).isEqualTo("89ab");
    }

    // ---- several, and what is common to all

    @Test
    void limit_data_goes_on_counting_after_a_while_without_toxicity() throws IOException {
        var quota = proxy.toxics().limitData("quota", ToxicDirection.DOWNSTREAM, 10);
        Route route = connect();
        route.service().send("123456");
        assertThat(route.caller().receive(6)).isEqualTo("123456");
        quota.setToxicity(0f);
        route.service().send("does not count");
        assertThat(route.caller().receive(14)).isEqualTo("does not count");
        quota.setToxicity(1f);
        route.service().send("789abc");
        assertThat(route.caller().receive(6)).isEqualTo("789a");
    }

    @Test
    void two_of_a_kind_add_up() throws IOException {
        proxy.toxics().latency("one", ToxicDirection.DOWNSTREAM, DELAY.toMillis());
        proxy.toxics().latency("two", ToxicDirection.DOWNSTREAM, DELAY.toMillis());
        Route route = connect();
        Elapsed since = Elapsed.start();
        passes(route, ToxicDirection.DOWNSTREAM);
        assertThat(since.time()).isBetween(DELAY.multipliedBy(2).minusMillis(10), Peer.PATIENCE);
    }

    @ParameterizedTest
    @EnumSource(ToxicDirection.class)
    void what_was_created_first_is_passed_first(ToxicDirection way) throws IOException {
        // a limit behind a hole has nothing to count, and would close at the first byte
        proxy.toxics().timeout("hole", way, 0);
        proxy.toxics().limitData("quota", way, 0);
        Route first = connect();
        from(first, way).send("x");
        assertThat(to(first, way).isQuietFor(A_WHILE)).isTrue();

        client.reset();
        proxy.toxics().limitData("quota", way, 0);
        proxy.toxics().timeout("hole", way, 0);
        Route second = connect();
        from(second, way).send("x");
        assertThat(from(second, way).isQuietFor(Peer.PATIENCE)).isFalse();
    }

    @Test
    void a_toxicity_of_zero_spares_everybody() throws IOException {
        proxy.toxics().latency("never", ToxicDirection.DOWNSTREAM, 60_000).setToxicity(0f);
        connect().exchange();
        proxy.toxics().get("never").setToxicity(1f);
        Route route = connect();
        route.service().send("x");
        assertThat(route.caller().isQuietFor(A_WHILE)).isTrue();
    }

    @Test
    void a_change_acts_on_what_is_sent_from_then_on() throws IOException {
        var slow = proxy.toxics().latency("slow", ToxicDirection.DOWNSTREAM, 0);
        Route route = connect();
        passes(route, ToxicDirection.DOWNSTREAM);
        slow.setLatency(DELAY.toMillis());
        Elapsed since = Elapsed.start();
        passes(route, ToxicDirection.DOWNSTREAM);
        assertThat(since.time()).isBetween(DELAY.minusMillis(5), Peer.PATIENCE);
        slow.setLatency(0);
        passes(route, ToxicDirection.DOWNSTREAM);
    }

    @Test
    void a_disabled_proxy_lets_nobody_in_and_keeps_its_port_and_toxics() throws IOException {
        proxy.toxics().latency("slow", ToxicDirection.DOWNSTREAM, DELAY.toMillis());
        Route open = connect();
        proxy.disable();
        assertThat(open.caller().isQuietFor(Peer.PATIENCE)).isFalse();
        assertThat(open.service().isQuietFor(Peer.PATIENCE)).isFalse();
        assertThatThrownBy(() -> Peer.connect(address())).isInstanceOf(ConnectException.class);

        InetSocketAddress before = address();
        proxy.enable();
        assertThat(address()).isEqualTo(before);
        Route route = connect();
        Elapsed since = Elapsed.start();
        passes(route, ToxicDirection.DOWNSTREAM);
        assertThat(since.time()).isBetween(DELAY.minusMillis(5), Peer.PATIENCE);
    }

    @Test
    void a_changed_upstream_drops_connections_and_leads_elsewhere() throws IOException {
        Route open = connect().exchange();
        try (HandServer another = new HandServer()) {
            proxy.setUpstream("127.0.0.1:" + another.address().getPort());
            assertThat(open.caller().isQuietFor(Peer.PATIENCE)).isFalse();
            try (Peer caller = Peer.connect(address());
                    Peer service = another.accepted()) {
                new Route(caller, service).exchange();
            }
        }
    }

    @Test
    void the_client_reads_back_what_it_made() throws IOException {
        proxy.toxics().latency("slow", ToxicDirection.UPSTREAM, 5).setJitter(3);
        proxy.toxics().slicer("knife", ToxicDirection.DOWNSTREAM, 10, 7).setSizeVariation(4);

        assertThat(client.version()).contains("2.12");
        assertThat(client.getProxy("kv").getUpstream()).isEqualTo(proxy.getUpstream());
        assertThat(client.getProxyOrNull("none")).isNull();
        assertThat(client.getProxy("kv").toxics().getAll())
                .extracting(toxic -> toxic.getName() + " " + toxic.getStream())
                .containsExactly("slow UPSTREAM", "knife DOWNSTREAM");
        assertThat(proxy.toxics().get("slow", Latency.class).getJitter()).isEqualTo(3);
        client.reset();
        assertThat(client.getProxy("kv").toxics().getAll()).isEmpty();
    }
}
