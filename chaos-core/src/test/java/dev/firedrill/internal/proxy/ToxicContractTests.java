package dev.firedrill.internal.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.server.FiredrillServer;
import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.toxic.Bandwidth;
import eu.rekawek.toxiproxy.model.toxic.Latency;
import eu.rekawek.toxiproxy.model.toxic.LimitData;
import eu.rekawek.toxiproxy.model.toxic.Slicer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
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
    void the_seed_decides_which_connections_a_toxicity_hits() throws IOException {
        Set<List<Boolean>> drawn = new HashSet<>();
        for (long seed : new long[] {1, 1, 2}) {
            try (FiredrillServer seeded = FiredrillServer.builder().seed(seed).start()) {
                drawn.add(hits(seeded));
            }
        }
        assertThat(drawn).hasSize(2);
        assertThat(drawn)
                .allSatisfy(
                        hits -> assertThat(Collections.frequency(hits, true)).isBetween(4, 26));
    }

    private List<Boolean> hits(FiredrillServer seeded) throws IOException {
        Proxy half = new ToxiproxyClient("127.0.0.1", seeded.address().getPort())
                .createProxy("kv", "127.0.0.1:0", proxy.getUpstream());
        half.toxics().limitData("none", ToxicDirection.DOWNSTREAM, 0).setToxicity(0.5f);
        List<Boolean> hits = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Route route = connect(half);
            route.service().send("x");
            hits.add(route.caller().receive(1).isEmpty());
        }
        return hits;
    }

    @Test
    void nothing_is_lost_or_overtaken_while_toxics_change() throws Exception {
        Route route = connect();
        for (ToxicDirection way : ToxicDirection.values()) {
            proxy.toxics().latency("slow-" + way, way, 1);
            proxy.toxics().bandwidth("narrow-" + way, way, 10_000);
            proxy.toxics().slicer("knife-" + way, way, 3_000, 10);
            proxy.toxics().slowClose("lingering-" + way, way, 1);
            proxy.toxics().limitData("quota-" + way, way, 1_000_000_000);
        }
        AtomicBoolean changing = new AtomicBoolean(true);
        Semaphore up = new Semaphore(1 << 20);
        Semaphore down = new Semaphore(1 << 20);
        List<Background<Integer>> sent = List.of(
                Background.call(() -> Numbers.send(route.caller(), new Random(1), next -> changing.get(), up)),
                Background.call(() -> Numbers.send(route.service(), new Random(2), next -> changing.get(), down)));
        List<Background<Integer>> received = List.of(
                Background.call(() -> Numbers.receive(route.service(), up)),
                Background.call(() -> Numbers.receive(route.caller(), down)));

        Random random = new Random(8231);
        for (int i = 0; i < 300; i++) {
            String way = random.nextBoolean() ? "UPSTREAM" : "DOWNSTREAM";
            float toxicity = random.nextInt(3) == 0 ? 0 : 1;
            switch (random.nextInt(5)) {
                case 0 -> proxy.toxics().get("slow-" + way, Latency.class).setLatency(random.nextInt(5));
                case 1 -> proxy.toxics().get("narrow-" + way, Bandwidth.class).setRate(random.nextInt(3) * 20_000);
                case 2 -> proxy.toxics().get("knife-" + way, Slicer.class).setDelay(random.nextInt(500));
                case 3 -> proxy.toxics().get("quota-" + way, LimitData.class).setBytes(2_000_000_000L + i);
                default -> proxy.toxics().getAll().get(random.nextInt(10)).setToxicity(toxicity);
            }
        }
        changing.set(false);
        client.reset();

        assertThat(sent.get(0).result(Peer.PATIENCE)).isPositive();
        assertThat(sent.get(1).result(Peer.PATIENCE)).isPositive();
        route.caller().finish();
        route.service().finish();
        for (int i = 0; i < 2; i++) {
            assertThat(received.get(i).result(Peer.PATIENCE))
                    .isEqualTo(sent.get(i).result(Peer.PATIENCE));
        }
    }

    @Test
    void a_change_does_not_put_out_what_burns_already() throws Exception {
        var rst = proxy.toxics().resetPeer("rst", ToxicDirection.UPSTREAM, 60_000);
        Route lit = connect();
        lit.caller().send("x");
        assertThat(lit.service().isQuietFor(Duration.ofMillis(100))).isTrue();
        rst.setTimeout(100);
        assertThat(lit.caller().ending()).isEqualTo(Ending.RST);
        client.reset();

        post("{\"type\":\"slow_connect\",\"name\":\"wait\",\"attributes\":{\"delay\":60000}}");
        try (Peer waiting = Peer.connect(address())) {
            post("{\"attributes\":{\"delay\":100}}", "/wait");
            waiting.send("x");
            try (Peer service = accepted()) {
                assertThat(service.receive(1)).isEqualTo("x");
            }
        }
    }

    @Test
    void a_slow_reader_gets_all_of_what_a_limit_lets_through() throws Exception {
        int limit = 3_000_000;
        proxy.toxics().limitData("quota", ToxicDirection.DOWNSTREAM, limit);
        Route route = connect();
        Background<Boolean> sending = Background.run(() -> route.service().send(new byte[limit + 1]));
        int got = 0;
        Elapsed since = Elapsed.start();
        while (since.time().compareTo(Duration.ofMillis(2_500)) < 0) {
            got += route.caller().receiveBytes(1_000).length;
            assertThat(route.caller().receiveBytes(1)).hasSize(1);
            got++;
            await().pollDelay(Duration.ofMillis(50)).until(() -> true);
        }
        got += route.caller().receiveBytes(limit).length;
        assertThat(got).isEqualTo(limit);
        await().until(sending::isDone);
    }

    @Test
    void faults_of_messages_are_toxics_too() throws Exception {
        post(
                "{\"type\":\"drop_message\",\"stream\":\"upstream\",\"attributes\":{\"framing\":\"line\",\"command\":\"lose\"}}");
        Route route = connect();
        route.caller().send("keep 1\nlose 2\nkeep 3\n");
        assertThat(route.service().receive(14)).isEqualTo("keep 1\nkeep 3\n");
        client.reset();
        route.caller().send("lose 4\n");
        assertThat(route.service().receive(7)).isEqualTo("lose 4\n");
        post("{\"type\":\"refuse\"}");
        assertThat(Peer.endingOfNew(address())).isEqualTo(Ending.RST);
        route.exchange();
    }

    @Test
    void so_are_those_of_connections() throws Exception {
        post("{\"type\":\"slow_connect\",\"attributes\":{\"delay\":200}}");
        Elapsed since = Elapsed.start();
        Route late = connect();
        assertThat(since.time()).isBetween(Duration.ofMillis(195), Peer.PATIENCE);
        client.reset();
        post("{\"type\":\"disconnect\",\"attributes\":{\"age\":100}}");
        assertThat(late.caller().ending()).isEqualTo(Ending.FIN);
        client.reset();
        Route lost = connect().exchange();
        post("{\"type\":\"half_open\",\"stream\":\"upstream\"}");
        assertThat(lost.service().ending()).isEqualTo(Ending.RST);
        post("{\"toxicity\":1}", "/half_open_upstream"); // a change goes on where the old one stopped
        client.reset();
        assertThat(lost.caller().ending()).isEqualTo(Ending.RST);
        post("{\"type\":\"lost_packets\",\"attributes\":{\"rate\":0.5,\"retransmit\":1}}");
        connect().exchange();
    }

    private void post(String toxic) throws Exception {
        post(toxic, "");
    }

    private void post(String toxic, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + api().getPort() + "/proxies/kv/toxics" + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Peer.PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(toxic))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
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
