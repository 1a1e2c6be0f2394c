package dev.firedrill.probe;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.firedrill.Chaos;
import dev.firedrill.LineServer;
import dev.firedrill.Link;
import dev.firedrill.Report;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Refuse;
import dev.firedrill.spi.ActiveFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ready-made probes against real servers. */
class ProbesTests {

    @TempDir
    Path home;

    LineServer server;
    HttpServer web;
    AtomicInteger status = new AtomicInteger(200);
    Chaos chaos;
    Service kv;
    Service shop;

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/health", exchange -> {
            byte[] body = "body".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            boolean empty = status.get() == 204 || status.get() == 304;
            if (status.get() == 302) {
                exchange.getResponseHeaders().set("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(status.get(), empty ? -1 : body.length);
            if (!empty) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        web.start();
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
        kv = chaos.service("kv", server.upstream());
        shop = chaos.service("shop", Upstream.at("127.0.0.1", web.getAddress().getPort()));
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        web.stop(0);
        server.close();
    }

    private static void sees(Probe probe, String message) {
        assertThatThrownBy(probe::look).isInstanceOf(IOException.class).hasMessage(message);
    }

    // ---- tcp

    @Test
    void tcp_is_well_when_the_server_ends_in_good_order_or_speaks_first() throws Exception {
        assertThat(Probes.tcp(kv).look()).isTrue();
        try (ServerSocket speaker = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Service greeter = chaos.service("greeter", Upstream.at("127.0.0.1", speaker.getLocalPort()));
            FutureTask<Void> greeting = inBackground(() -> {
                try (Socket socket = speaker.accept()) {
                    socket.getOutputStream().write("220 hello\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
                    socket.getInputStream().read();
                }
            });
            assertThat(Probes.tcp(greeter, greeter.ports().get(0)).look()).isTrue();
            greeting.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void tcp_is_not_well_when_nobody_listens() throws IOException {
        Probe probe = Probes.tcp(kv);
        server.close();
        assertThatThrownBy(probe::look)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the connection was turned away: ");
    }

    @Test
    void tcp_is_not_well_when_the_kernel_accepts_and_nobody_serves() throws IOException {
        try (ServerSocket frozen = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Service service = chaos.service("frozen", Upstream.at("127.0.0.1", frozen.getLocalPort()));
            sees(Probes.tcp(service), "connected, but the server neither spoke nor ended the connection within 1s");
        }
    }

    @Test
    void tcp_feels_the_faults() throws Exception {
        Probe probe = Probes.tcp(kv);
        ActiveFault refuse = chaos.inject(new Refuse(), Target.of(kv));
        assertThatThrownBy(probe::look).hasMessageStartingWith("the connection was turned away: ");
        refuse.heal();
        assertThat(probe.look()).isTrue();
        ActiveFault blackhole = chaos.inject(new Blackhole(), Target.of(kv));
        assertThatThrownBy(probe::look).isInstanceOf(IOException.class);
        blackhole.heal();
        assertThat(probe.look()).isTrue();
    }

    @Test
    void tcp_heeds_an_interruption() throws Exception {
        Probe probe = Probes.tcp(kv);
        try (ActiveFault blackhole = chaos.inject(new Blackhole(), Target.of(kv))) {
            assertThat(blackhole).isNotNull();
            FutureTask<Boolean> look = new FutureTask<>(probe::look);
            Thread thread = new Thread(look, "interrupted-look");
            thread.start();
            await().atMost(ofSeconds(5))
                    .until(() ->
                            kv.link(Link.PROBE, kv.ports().get(0)).traffic().connections() == 1);
            thread.interrupt();
            assertThatThrownBy(() -> look.get(900, TimeUnit.MILLISECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ClosedByInterruptException.class);
        }
    }

    // ---- http

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204, 299})
    void http_is_well_at_any_2xx(int code) throws Exception {
        status.set(code);
        assertThat(Probes.http(shop, "/health").look()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 304, 400, 401, 404, 500, 503})
    void http_says_any_other_status(int code) {
        status.set(code);
        sees(Probes.http(shop, "/health"), "GET /health returned " + code);
    }

    @Test
    void http_says_what_happened_to_the_connection() throws Exception {
        Probe probe = Probes.http(shop, shop.ports().get(0), "/health?deep=true");
        assertThat(probe.look()).isTrue();
        try (ActiveFault slow = chaos.inject(new Latency(ofSeconds(5)), Target.of(shop))) {
            assertThat(slow).isNotNull();
            sees(probe, "GET /health?deep=true returned nothing within 1s");
        }
        try (ActiveFault refuse = chaos.inject(new Refuse(), Target.of(shop))) {
            assertThat(refuse).isNotNull();
            assertThatThrownBy(probe::look).isInstanceOf(IOException.class);
        }
        assertThat(probe.look()).isTrue();
    }

    @Test
    void http_says_that_the_answer_is_none() {
        sees(Probes.http(kv, "/health"), "GET /health returned no HTTP/1.x but \"pong GET /he\"");
        server.answer(line -> null);
        sees(Probes.http(kv, "/health"), "GET /health returned nothing");
    }

    @Test
    void http_leaves_neither_a_thread_nor_a_connection() throws Exception {
        Probe probe = Probes.http(shop, "/health");
        for (int i = 0; i < 20; i++) {
            assertThat(probe.look()).isTrue();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("Keep-Alive"));
        assertThat(shop.link(Link.PROBE, shop.ports().get(0)).traffic().connections())
                .as("a new one for each look")
                .isEqualTo(20);
    }

    @Test
    void a_path_that_is_none_is_refused_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Probes.http(shop, "health"))
                .withMessage("http probe of shop: path \"health\" does not begin with a slash; write for example"
                        + " \"/health\"");
        assertThatIllegalArgumentException().isThrownBy(() -> Probes.http(shop, "/health check"));
    }

    // ---- jdbc

    @Test
    void a_jdbc_template_that_can_not_work_is_refused_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Probes.jdbc(kv, "jdbc:postgresql://{host}/shop", "select 1"))
                .withMessage(
                        "template \"jdbc:postgresql://{host}/shop\" for service kv has no {port}; write for example"
                                + " \"jdbc:postgresql://{host}:{port}/shop\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Probes.jdbc(kv, "jdbc:postgresql://{host}:{port:1}/shop", "select 1"))
                .withMessage(
                        "template \"jdbc:postgresql://{host}:{port:1}/shop\": service kv has no port 1; its ports are "
                                + kv.ports());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Probes.jdbc(kv, "jdbc:postgresql://{host}:{port}/shop", " "))
                .withMessage("jdbc probe of kv: the query is blank; write for example \"select 1\"");
    }

    @Test
    void a_jdbc_url_of_no_driver_is_seen_at_the_first_look() {
        assertThatThrownBy(() -> Probes.jdbc(kv, "jdbc:nosql://{host}:{port}/shop", "select 1")
                        .look())
                .isInstanceOf(SQLException.class)
                .hasMessage("No suitable driver found for jdbc:nosql://127.0.0.1:"
                        + kv.link(Link.PROBE, kv.ports().get(0)).address().getPort() + "/shop");
    }

    @Test
    void a_jdbc_driver_says_that_the_database_is_not_well() {
        server.answer(line -> null);
        assertThatThrownBy(() -> Probes.jdbc(
                                kv,
                                "jdbc:postgresql://{host}:{port}/shop?user=a&connectTimeout=2&socketTimeout=2&sslmode=disable",
                                "select 1")
                        .look())
                .isInstanceOf(SQLException.class);
    }

    // ---- all

    @Test
    void a_service_of_no_port_or_several_asks_which_one() throws IOException {
        try (ServerSocket second = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            int port = web.getAddress().getPort();
            Service both = chaos.service("both", Upstream.at("127.0.0.1", port, second.getLocalPort()));
            String message = "service both has the ports " + both.ports() + "; say which one is meant";
            for (Runnable each : List.<Runnable>of(
                    () -> Probes.tcp(both),
                    () -> Probes.http(both, "/health"),
                    () -> Probes.jdbc(both, "jdbc:x://{host}:{port}", "select 1"))) {
                assertThatIllegalArgumentException().isThrownBy(each::run).withMessage(message);
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Probes.tcp(both, 1))
                    .withMessage("service both has no port 1; its ports are " + both.ports());
        }
    }

    @Test
    void a_probe_may_be_made_before_its_service_is_started() throws Exception {
        Service later = chaos.declare("later", server.upstream());
        Probe probe = Probes.tcp(later);
        assertThatThrownBy(probe::look)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "link probe->later is not open: service later has not been started; call its start() first");
        later.start();
        assertThat(probe.look()).isTrue();
    }

    @Test
    void what_probes_do_beside_the_body_is_never_load_of_the_test() {
        Report report = chaos.experiment("probes only")
                .steadyState(SteadyState.of("shop serves", Probes.http(shop, "/health"))
                        .every(ofMillis(10))
                        .during(true))
                .steadyState(SteadyState.of("shop accepts", Probes.tcp(shop))
                        .every(ofMillis(10))
                        .during(true))
                .inject(new Latency(ofMillis(5)), shop)
                .observe(drill -> await().atMost(ofSeconds(5))
                        .until(() -> shop.link(Link.PROBE, shop.ports().get(0))
                                        .traffic()
                                        .connections()
                                > 20));

        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.steps().get(0).effects()).isZero();
        assertThat(report.steps().get(0).probeEffects()).isPositive();
    }

    private static FutureTask<Void> inBackground(Probe.Check work) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            work.run();
            return null;
        });
        Thread thread = new Thread(task, "in-background");
        thread.setDaemon(true);
        thread.start();
        return task;
    }
}
