package dev.firedrill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import dev.firedrill.fault.Latency;
import dev.firedrill.internal.Loopback;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** The exact text for a shared Toxiproxy that can't be used, and that nothing is left of the service. */
@Tag("docker")
class ToxiproxyBadInputIT {

    static final GenericContainer<?> TOXIPROXY = new GenericContainer<>("ghcr.io/shopify/toxiproxy:2.12.0")
            .withExposedPorts(8474)
            .withCommand("-host=0.0.0.0")
            .waitingFor(Wait.forHttp("/version").forPort(8474));

    private static final Latency LATENCY = new Latency(Duration.ofMillis(10));

    @TempDir
    Path home;

    LineServer server;

    @BeforeAll
    static void startToxiproxy() {
        TOXIPROXY.start();
    }

    @AfterAll
    static void stopToxiproxy() {
        TOXIPROXY.stop();
    }

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Chaos chaosAt(String toxiproxy) {
        return Chaos.builder()
                .seed(7)
                .home(home)
                .reports(null)
                .settings(Map.of("chaos.toxiproxy", toxiproxy)::get)
                .start();
    }

    private String refusalOf(String toxiproxy) {
        try (Chaos chaos = chaosAt(toxiproxy)) {
            Throwable trouble = catchThrowable(() -> chaos.service("redis", server.upstream()));
            assertThat(trouble).isInstanceOf(ChaosException.class).hasNoSuppressedExceptions();
            assertThat(chaos.services()).isEmpty();
            return text(trouble);
        }
    }

    private static String text(Throwable trouble) {
        return String.valueOf(trouble.getMessage())
                .replaceAll("localhost:\\d+", "localhost:<port>")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:<port>")
                .replaceAll("firedrill-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+-", "firedrill-<run>-");
    }

    @Test
    void nobody_listens() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket()) {
            free.bind(Loopback.at(0));
            port = free.getLocalPort();
        }
        assertThat(refusalOf("localhost:" + port))
                .isEqualTo(
                        "chaos.toxiproxy \"localhost:<port>\": no Toxiproxy answers there: java.net.ConnectException: Connection refused; start one"
                                + " (toxiproxy-server), correct the address, or leave the setting out");
    }

    @Test
    void a_host_that_is_unknown() {
        assertThat(refusalOf("toxiproxy.invalid:8474"))
                .isEqualTo(
                        "chaos.toxiproxy \"toxiproxy.invalid:8474\": no Toxiproxy answers there: java.net.UnknownHostException:"
                                + " toxiproxy.invalid; start one (toxiproxy-server), correct the address, or leave the"
                                + " setting out");
    }

    @Test
    void a_server_that_takes_no_heed() throws IOException {
        assertThat(refusalOf("localhost:" + server.upstream().ports().get(0)))
                .isEqualTo(
                        "chaos.toxiproxy \"localhost:<port>\": what answers there is no Toxiproxy, for it does not say its version;"
                                + " correct the address, or leave the setting out");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            200 | 2.5.0             | its version 2.5.0 is too old; run 2.6 or later, best 2.12.0
            200 | {"version":"1.9"} | its version 1.9 is too old; run 2.6 or later, best 2.12.0
            200 | hello             | what answers there is no Toxiproxy: asked for its version it said "hello"; correct the address, or leave the setting out
            404 | nothing           | what answers there is no Toxiproxy, for it does not say its version; correct the address, or leave the setting out
            """)
    void what_answers_is_too_old_or_no_toxiproxy(int status, String answer, String complaint) throws IOException {
        HttpServer other = HttpServer.create(Loopback.at(0), 0);
        other.createContext("/", exchange -> {
            byte[] body = answer.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        other.start();
        try {
            assertThat(refusalOf("localhost:" + other.getAddress().getPort()))
                    .isEqualTo("chaos.toxiproxy \"localhost:<port>\": " + complaint);
        } finally {
            other.stop(0);
        }
    }

    private static String api() {
        return "localhost:" + TOXIPROXY.getMappedPort(8474);
    }

    @Test
    void a_proxy_of_that_name_that_leads_elsewhere() throws IOException {
        ToxiproxyClient client = new ToxiproxyClient("localhost", TOXIPROXY.getMappedPort(8474));
        try (Chaos chaos = chaosAt(api())) {
            chaos.service("first", server.upstream());
            chaos.inject(LATENCY, Target.parse("test->first")).heal();
            String name = client.getProxies().get(0).getName().replace("first", "redis");
            client.createProxy(name, "127.0.0.1:0", "elsewhere:6379");
            chaos.service("redis", server.upstream());
            Throwable trouble = catchThrowable(() -> chaos.inject(LATENCY, Target.parse("test->redis")));
            assertThat(text(trouble))
                    .isEqualTo(
                            "the Toxiproxy at localhost:<port> could not make the proxy firedrill-<run>-test-redis: it has one of that name already,"
                                    + " which leads to elsewhere:6379 and not to 127.0.0.1:<port>; delete that one, or give the service another name");
            assertThat(client.getProxy(name).getUpstream()).isEqualTo("elsewhere:6379");
            client.getProxy(name).delete();
        }
        assertThat(client.getProxies()).isEmpty();
    }

    @Test
    void two_scopes_that_name_their_services_alike_share_no_proxy() throws IOException {
        ToxiproxyClient client = new ToxiproxyClient("localhost", TOXIPROXY.getMappedPort(8474));
        try (Chaos chaos = chaosAt(api())) {
            for (int i = 0; i < 2; i++) {
                Chaos scope = chaos.scope(List.of());
                scope.service("redis", server.upstream());
                scope.inject(LATENCY, Target.parse("test->redis"));
            }
            assertThat(client.getProxies())
                    .hasSize(2)
                    .allSatisfy(proxy -> assertThat(proxy.toxics().getAll()).hasSize(1));
        }
        assertThat(client.getProxies()).isEmpty();
    }

    @Test
    void one_that_goes_away() {
        try (GenericContainer<?> passing = new GenericContainer<>("ghcr.io/shopify/toxiproxy:2.12.0")
                .withExposedPorts(8474)
                .withCommand("-host=0.0.0.0")
                .waitingFor(Wait.forHttp("/version").forPort(8474))) {
            passing.start();
            Chaos chaos = chaosAt("localhost:" + passing.getMappedPort(8474));
            chaos.service("redis", server.upstream());
            passing.stop();
            Throwable trouble = catchThrowable(() -> chaos.inject(LATENCY, Target.parse("test->redis")));
            assertThat(trouble).isInstanceOf(ChaosException.class);
            assertThat(text(trouble))
                    .isEqualTo(
                            "the Toxiproxy at localhost:<port> could not make the proxy firedrill-<run>-test-redis: Connection refused");
            chaos.close(); // nothing of it is left there
        }
    }
}
