package dev.firedrill;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.internal.proxy.LocalToxiproxy;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.Toxic;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a Toxiproxy stands on the way, the order of declaration is kept by the embedded proxy, or the faults are refused. */
@Tag("docker")
class FaultOrderIT {

    private static final Latency LATENCY = new Latency(Duration.ofMillis(60));
    private static final Latency LATENCY_OF_REQUESTS =
            new Latency(Duration.ofMillis(60), Duration.ZERO, Direction.UPSTREAM);
    private static final Bandwidth BANDWIDTH = new Bandwidth(new DataRate(1_000));
    private static final LimitData LIMIT = new LimitData(1_000_000);
    private static final String NO_ORDER =
            "toxiproxy: its toxics stand in the order in which they begin, for replies as for requests, so that it can't keep that of ";

    @TempDir
    Path home;

    private LineServer server;
    private LocalToxiproxy toxiproxy;

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
        toxiproxy = LocalToxiproxy.start();
    }

    @AfterEach
    void stop() throws IOException {
        toxiproxy.close();
        server.close();
    }

    private Chaos chaos(String engine) {
        return Chaos.builder()
                .seed(7)
                .home(home)
                .reports(null)
                .settings(Map.of("chaos.toxiproxy", "127.0.0.1:" + toxiproxy.port(), "chaos.engine", engine)::get)
                .start();
    }

    private List<String> toxics() throws IOException {
        List<String> types = new ArrayList<>();
        for (Proxy proxy : new ToxiproxyClient("127.0.0.1", toxiproxy.port()).getProxies()) {
            for (Toxic toxic : proxy.toxics().getAll()) {
                types.add(toxic.getClass().getSimpleName().toLowerCase(Locale.ROOT));
            }
        }
        return types;
    }

    private List<String> toxicsUnder(Chaos chaos, Fault... faults) {
        Service kv = chaos.service("kv", server.upstream());
        Experiment.Builder experiment = chaos.experiment("order");
        for (Fault fault : faults) {
            experiment.inject(fault, kv);
        }
        List<String> seen = new ArrayList<>();
        experiment.run(drill -> {
            drill.awaitActive();
            ask(kv);
            seen.addAll(toxics());
        });
        return seen;
    }

    private static void ask(Service kv) throws IOException {
        try (Socket socket = new Socket(kv.address().getAddress(), kv.address().getPort())) {
            socket.getOutputStream().write("a line that takes its time\n".getBytes(US_ASCII));
            socket.getInputStream().read();
        }
    }

    @Test
    void what_only_holds_back_is_made_by_toxics() {
        try (Chaos chaos = chaos("auto")) {
            assertThat(toxicsUnder(chaos, LATENCY, BANDWIDTH))
                    .containsExactlyInAnyOrder("latency", "bandwidth", "bandwidth");
        }
    }

    @Test
    void beside_a_limit_the_whole_chain_is_the_embedded_proxys() {
        try (Chaos chaos = chaos("auto")) {
            assertThat(toxicsUnder(chaos, LATENCY, new LimitData(1))).isEmpty();
        }
    }

    @Test
    void a_limit_of_the_other_direction_loses_what_the_latency_holds() {
        try (Chaos chaos = chaos("auto")) {
            assertThat(toxicsUnder(chaos, LATENCY_OF_REQUESTS, new LimitData(1)))
                    .isEmpty();
        }
    }

    @Test
    void a_refusal_of_connections_is_no_matter() {
        try (Chaos chaos = chaos("auto")) {
            assertThat(toxicsUnder(chaos, LATENCY, new SlowConnect(LATENCY.delay())))
                    .containsExactly("latency");
        }
    }

    @Test
    void its_latency_counts_what_its_bandwidth_has_taken() throws IOException {
        try (Chaos chaos = chaos("auto")) {
            assertThat(toxicsUnder(chaos, BANDWIDTH, LATENCY)).isEmpty();
        }
        try (Chaos chaos = chaos("toxiproxy")) {
            Service kv = chaos.service("kv", server.upstream());
            assertThatThrownBy(chaos.experiment("order").inject(BANDWIDTH, kv).inject(LATENCY, kv)::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(
                            "toxiproxy: its latency counts what its bandwidth has taken, so that they don't add up on"
                                    + " test->kv unless latency stands first and both begin before the body; set chaos.engine=auto, which lets the"
                                    + " embedded proxy do it");
            chaos.experiment("order").inject(LATENCY, kv).inject(BANDWIDTH, kv).build();
        }
    }

    @Test
    void requests_alone_meet_toxics_as_they_are_declared_if_they_begin_so() throws IOException {
        LimitData limit = new LimitData(1_000_000, Direction.UPSTREAM);
        try (Chaos chaos = chaos("toxiproxy")) {
            Service kv = chaos.service("kv", server.upstream());
            Schedule later = Schedule.now().after(Duration.ofMillis(100));

            chaos.experiment("order")
                    .inject(LATENCY_OF_REQUESTS, kv)
                    .inject(limit, kv)
                    .build();
            assertThatThrownBy(chaos.experiment("order")
                            .inject(LATENCY_OF_REQUESTS, kv, later)
                            .inject(limit, kv)::build)
                    .hasMessageContaining(NO_ORDER + "latency and limit-data on test->kv");
        }
    }

    @Test
    void those_that_are_never_in_force_together_have_no_order() throws IOException {
        Schedule first = Schedule.now().lasting(Duration.ofSeconds(2));
        Schedule then = Schedule.now().after(Duration.ofSeconds(2));
        try (Chaos chaos = chaos("toxiproxy")) {
            Service kv = chaos.service("kv", server.upstream());
            List<List<String>> seen = new ArrayList<>();
            chaos.experiment("one after the other")
                    .inject(new LimitData(1), kv, then)
                    .inject(LATENCY, kv, first)
                    .run(drill -> {
                        seen.add(toxics());
                        ask(kv);
                        drill.awaitActive();
                        seen.add(toxics());
                        ask(kv);
                    });
            assertThat(seen).containsExactly(List.of("latency"), List.of("limitdata"));

            assertThatThrownBy(chaos.experiment("a moment too early")
                            .inject(LIMIT, kv, then.after(Duration.ofMillis(1_999)))
                            .inject(LATENCY, kv, first)::build)
                    .hasMessageContaining(NO_ORDER);
            assertThatThrownBy(chaos.experiment("three times")
                            .inject(
                                    LIMIT,
                                    kv,
                                    then.lasting(Duration.ofMillis(100)).every(Duration.ofSeconds(1), 3))
                            .inject(LATENCY, kv, first.after(Duration.ofSeconds(4)))::build)
                    .hasMessageContaining(NO_ORDER);
            assertThatThrownBy(chaos.experiment("at a moment of its own")
                            .inject(LIMIT, kv, then.on("now"))
                            .inject(LATENCY, kv, first)::build)
                    .hasMessageContaining(NO_ORDER);
        }
    }

    @Test
    void toxiproxy_alone_refuses_what_it_can_not_keep_in_order() throws IOException {
        try (Chaos chaos = chaos("toxiproxy")) {
            Service kv = chaos.service("kv", server.upstream());
            Experiment.Builder experiment =
                    chaos.experiment("order").inject(LATENCY, kv).inject(LIMIT, kv);

            assertThatThrownBy(experiment::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(
                            "no engine can make latency on kv:\n  " + NO_ORDER
                                    + "latency and limit-data on test->kv; set chaos.engine=auto, which lets the embedded proxy do it");
            assertThat(toxics()).isEmpty();
        }
    }

    @Test
    void by_hand_it_is_refused_when_the_other_is_in_force() throws IOException {
        try (Chaos chaos = chaos("toxiproxy")) {
            Target kv = Target.of(chaos.service("kv", server.upstream()));
            ActiveFault limit = chaos.inject(LIMIT, kv);

            assertThatThrownBy(() -> chaos.inject(LATENCY, kv))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(NO_ORDER + "limit-data and latency on test->kv; heal limit-data first");
            assertThatThrownBy(() -> chaos.inject(LATENCY_OF_REQUESTS, kv))
                    .isInstanceOf(IllegalArgumentException.class);
            limit.heal();
            chaos.inject(LATENCY, kv);
            assertThat(toxics()).containsExactly("latency");
        }
    }

    @Test
    void by_hand_the_embedded_proxy_does_not_step_in_front_of_a_toxic() throws IOException {
        try (Chaos chaos = chaos("auto")) {
            Target kv = Target.of(chaos.service("kv", server.upstream()));
            ActiveFault latency = chaos.inject(LATENCY, kv);

            assertThatThrownBy(() -> chaos.inject(LIMIT, kv))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(
                            "toxiproxy: its toxics stand behind the embedded proxy, which makes limit-data, so that the order of"
                                    + " latency and limit-data on test->kv can't be kept; heal latency first, or set chaos.engine=embedded");
            latency.heal();
            chaos.inject(LIMIT, kv);
            chaos.inject(new Blackhole(), Target.parse("test->kv")).heal();
        }
    }
}
