package dev.firedrill.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.firedrill.ChaosException;
import dev.firedrill.internal.SystemTime;
import dev.firedrill.schedule.Chance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not hurt the server, nor the proxies of others. */
class ApiServerTests {

    private static final int SOON_MILLIS = 300;
    private static final int PATIENCE_MILLIS = 10_000;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ApiServer server;
    private ServerSocket upstream;

    @BeforeEach
    void start() throws IOException {
        server = new ApiServer("localhost", 0, SystemTime.CLOCK, Chance.ofSeed(8231), SOON_MILLIS);
        upstream = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() throws IOException {
        server.close();
        upstream.close();
    }

    // ---- who is served

    @Test
    void listens_on_the_loopback_interface_alone() {
        assertThat(server.address().getAddress().isLoopbackAddress()).isTrue();
        assertThat(post("/proxies", "{\"name\":\"a\",\"upstream\":\"127.0.0.1:1\"}")
                        .body())
                .contains("\"listen\":\"127.0.0.1:");
    }

    // ---- bounds

    @Test
    void refuses_a_huge_body_and_goes_on() {
        assertThat(post("/populate", " ".repeat((1 << 20) + 1)))
                .returns(413, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .isEqualTo("{\"error\":\"request body too large: allowed are 1048576 bytes\",\"status\":413}\n");
        assertThat(get("/proxies").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /prox",
                "POST /proxies HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
                "GET /proxies HTTP/1.1\r\nHost: localhost\r\nX: "
            })
    void half_a_request_is_dropped_after_a_while_and_holds_nobody_up(String half) throws IOException {
        try (Socket slow = connect()) {
            slow.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
            assertThat(get("/proxies").statusCode()).isEqualTo(200);
            assertThat(slow.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void a_client_that_reads_nothing_holds_nobody_up() throws IOException {
        try (Socket deaf = connect()) {
            deaf.getOutputStream()
                    .write("GET /proxies HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .repeat(500)
                            .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 20; i++) {
                assertThat(get("/proxies").statusCode()).isEqualTo(200);
            }
        }
    }

    /** Its answers would fill the memory that proxies need. */
    @Test
    void nothing_is_served_ahead_to_a_client_that_takes_no_answer() throws IOException {
        for (int i = 0; i < 200; i++) {
            post("/proxies", "{\"name\":\"p" + i + "\",\"upstream\":\"127.0.0.1:1\",\"enabled\":false}");
        }
        try (Socket deaf = connect()) {
            byte[] request = "GET /proxies HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            deaf.setSendBufferSize(4_096);
            deaf.getOutputStream().write(request);
            CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> askForEver(deaf, request));
            assertThat(asking).as("asking goes on until nobody listens").failsWithin(Duration.ofSeconds(30));
        }
        assertThat(get("/proxies").statusCode()).isEqualTo(200);
    }

    private static void askForEver(Socket deaf, byte[] request) {
        try {
            while (true) {
                deaf.getOutputStream().write(request);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whoever_asks_before_it_sends_too_much_is_told_why() throws IOException {
        assertThat(
                        raw(
                                "POST /populate HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 5000000\r\n\r\n"))
                .startsWith("HTTP/1.1 413")
                .contains("request body too large: allowed are 1048576 bytes");
    }

    @Test
    void a_pattern_that_goes_back_and_forth_holds_nobody_up() throws IOException {
        post("/proxies", "{\"name\":\"kept\",\"upstream\":\"127.0.0.1:" + upstream.getLocalPort() + "\"}");
        for (String pattern : List.of("(.*a){20}b", "(a|b)*c")) {
            assertThat(post(
                                    "/proxies/kept/toxics",
                                    "{\"type\":\"drop_message\",\"name\":\"" + pattern.length()
                                            + "\",\"stream\":\"upstream\",\"attributes\":{\"framing\":\"line\",\"pattern\":\""
                                            + pattern
                                            + "\"}}")
                            .statusCode())
                    .isEqualTo(200);
        }
        passes("a".repeat(40_000) + "\n");
    }

    @Test
    void an_unknown_framing_is_told_at_once_even_on_a_disabled_proxy() {
        post("/proxies", "{\"name\":\"a\",\"upstream\":\"127.0.0.1:1\",\"enabled\":false}");
        assertThat(post("/proxies/a/toxics", "{\"type\":\"corrupt\",\"attributes\":{\"framing\":\"smtp\"}}"))
                .returns(400, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains("framing \\\"smtp\\\" is unknown");
        assertThat(post("/reset", "").statusCode()).isEqualTo(204);
    }

    @Test
    void more_clients_than_it_can_take_are_turned_away_until_others_go() throws IOException {
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                clients.add(connect());
            }
        } finally {
            for (Socket each : clients) {
                each.close();
            }
        }
        await().ignoreExceptions().until(() -> get("/proxies").statusCode() == 200);
    }

    @Test
    void keeps_no_more_proxies_and_toxics_than_it_says() {
        post("/proxies", "{\"name\":\"a\",\"upstream\":\"127.0.0.1:1\",\"enabled\":false}");
        for (int i = 0; i < 256; i++) {
            assertThat(post("/proxies/a/toxics", "{\"type\":\"noop\",\"name\":\"t" + i + "\"}")
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(post("/proxies/a/toxics", "{\"type\":\"noop\",\"name\":\"more\"}"))
                .returns(400, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .isEqualTo(
                        "{\"error\":\"too many toxics on one proxy: this server keeps 256 at most; delete some first\","
                                + "\"status\":400}\n");
        assertThat(post("/proxies", "{\"name\":\"" + "x".repeat(513) + "\",\"upstream\":\"127.0.0.1:1\"}")
                        .body())
                .contains("the name of the proxy has 513 characters; allowed are 512");
        assertThat(post("/proxies", "[".repeat(1_000)).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"slicer\"}|average_size 0 makes no slices; allowed is 1 or more bytes",
                "{\"type\":\"slicer\",\"attributes\":{\"average_size\":-1}}|average_size -1 makes no slices",
                "{\"type\":\"slicer\",\"attributes\":{\"average_size\":4,\"size_variation\":6}}|size_variation 6 is larger than slices can vary; allowed is 0..5 bytes",
                "{\"type\":\"slicer\",\"attributes\":{\"average_size\":4,\"size_variation\":-1}}|size_variation -1 is negative; allowed is 0..5 bytes",
                "{\"type\":\"bandwidth\",\"attributes\":{\"rate\":-1}}|rate -1 is negative; allowed is 0 (nothing passes) or more KB/s (1,000 bytes)",
                "{\"type\":\"latency\",\"toxicity\":1.5}|toxicity 1.5 is no part of the connections; allowed is 0..1",
                "{\"type\":\"latency\",\"toxicity\":-0.5}|toxicity -0.5 is no part of the connections; allowed is 0..1",
                "{\"type\":\"corrupt\",\"attributes\":{\"how\":\"x\"}}|how \\\"x\\\" is not known; allowed are bit_flip, truncate, garble",
                "{\"type\":\"corrupt\",\"attributes\":{\"pattern\":\"(\"}}|pattern",
                "{\"type\":\"corrupt\",\"attributes\":{\"probability\":2}}|probability",
            })
    void says_which_attribute_makes_no_sense(String toxic, String why) {
        post("/proxies", "{\"name\":\"a\",\"upstream\":\"127.0.0.1:1\"}");
        assertThat(post("/proxies/a/toxics", toxic))
                .returns(400, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains(why);
        assertThat(get("/proxies/a/toxics").body()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"latency", "bandwidth", "slow_close", "timeout", "reset_peer", "limit_data", "slicer"})
    void takes_numbers_of_any_size(String type) {
        post("/proxies", "{\"name\":\"a\",\"upstream\":\"127.0.0.1:1\"}");
        String all =
                ",\"size_variation\":9223372036854775807,\"jitter\":9223372036854775807,\"rate\":9223372036854775807,\"timeout\":9223372036854775807,"
                        + "\"bytes\":9223372036854775807,\"average_size\":9223372036854775807,\"delay\":9223372036854775807}}";
        String toxic = "{\"type\":\"" + type + "\",\"attributes\":{\"latency\":9223372036854775807" + all;
        assertThat(post("/proxies/a/toxics", toxic).statusCode()).isEqualTo(200);
    }

    /** Toxiproxy does no harm with them. */
    @ParameterizedTest
    @CsvSource({"4,4,0", "4,5,0", "1,1,0", "1,2,0", "4,0,-1", "2147483648,1,0"})
    void takes_slices_as_toxiproxy_does_and_shows_them_as_they_were_sent(long size, long variation, long delay)
            throws IOException {
        post("/proxies", "{\"name\":\"kept\",\"upstream\":\"127.0.0.1:" + upstream.getLocalPort() + "\"}");
        String attributes =
                "{\"average_size\":" + size + ",\"size_variation\":" + variation + ",\"delay\":" + delay + "}";
        assertThat(post(
                        "/proxies/kept/toxics",
                        "{\"type\":\"slicer\",\"stream\":\"upstream\",\"attributes\":" + attributes + "}"))
                .returns(200, HttpResponse::statusCode)
                .extracting(HttpResponse::body)
                .asString()
                .contains("\"attributes\":" + attributes);
        passes("x".repeat(100));
    }

    @Test
    void a_thousand_random_bodies_do_no_harm() throws IOException {
        post("/proxies", "{\"name\":\"kept\",\"upstream\":\"127.0.0.1:" + upstream.getLocalPort() + "\"}");
        Random random = new Random(8231);
        List<String> routes = List.of(
                "/proxies",
                "/populate",
                "/reset",
                "/proxies/a",
                "/proxies/a/toxics",
                "/proxies/a/toxics/latency_downstream");
        for (int i = 0; i < 1_000; i++) {
            String route = routes.get(random.nextInt(routes.size()));
            HttpResponse<String> response = post(route, body(random));
            assertThat(response.statusCode()).as("%s", response).isBetween(200, 499);
        }
        passes();
    }

    /** Half of them nearly right, for those that are not read at all prove little. */
    private static byte[] body(Random random) {
        String right = List.of(
                        "{\"name\":\"a\",\"upstream\":\"127.0.0.1:1\",\"listen\":\"localhost:0\",\"enabled\":true}",
                        "[{\"name\":\"a\",\"upstream\":\"127.0.0.1:1\"},{\"name\":\"b\",\"upstream\":\"127.0.0.1:2\"}]",
                        "{\"type\":\"latency\",\"stream\":\"upstream\",\"toxicity\":0.5,\"attributes\":{\"latency\":5}}",
                        "{\"type\":\"slicer\",\"attributes\":{\"average_size\":5,\"size_variation\":1,\"delay\":0}}",
                        "{\"type\":\"corrupt\",\"attributes\":{\"framing\":\"resp\",\"command\":\"SET\"}}")
                .get(random.nextInt(5));
        byte[] bytes = right.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        if (random.nextInt(4) == 0) {
            random.nextBytes(bytes);
        }
        return bytes;
    }

    private void passes() throws IOException {
        passes("x");
    }

    private void passes(String said) throws IOException {
        String listen = new ObjectMapper()
                .readTree(get("/proxies/kept").body())
                .get("listen")
                .asText();
        int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
        try (Socket caller = connect(port)) {
            caller.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
            upstream.setSoTimeout(PATIENCE_MILLIS);
            try (Socket service = upstream.accept()) {
                service.setSoTimeout(PATIENCE_MILLIS);
                assertThat(new String(service.getInputStream().readNBytes(said.length()), StandardCharsets.US_ASCII))
                        .isEqualTo(said);
            }
        }
    }

    // ---- start and end

    @Test
    void says_when_its_port_is_taken() {
        int taken = upstream.getLocalPort();
        assertThatThrownBy(() -> new ApiServer("127.0.0.1", taken, SystemTime.CLOCK, Chance.ofSeed(1)).close())
                .isInstanceOf(ChaosException.class)
                .hasMessageStartingWith("the server can't listen on 127.0.0.1:" + taken + ": ")
                .hasMessageEndingWith("; choose another port, or 0 for any that is free");
    }

    @Test
    void its_end_takes_proxies_connections_and_threads_along() throws Exception {
        post("/proxies", "{\"name\":\"kept\",\"upstream\":\"127.0.0.1:" + upstream.getLocalPort() + "\"}");
        String listen = new ObjectMapper()
                .readTree(get("/proxies/kept").body())
                .get("listen")
                .asText();
        try (Socket caller = connect(Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1)))) {
            caller.getOutputStream().write('x');
            server.close();
            assertThat(endOf(caller)).isTrue();
            assertThatThrownBy(() -> connect(server.address().getPort()).close())
                    .isInstanceOf(IOException.class);
        }
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("firedrill-http") || name.startsWith("firedrill-api")));
    }

    private static boolean endOf(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void refuses_a_configuration_that_can_not_be_made() {
        assertThatThrownBy(() -> server.populate("[{}]".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ChaosException.class)
                .hasMessage("proxy 1: missing required field: name; correct that proxy");
    }

    // ---- requests

    private HttpResponse<String> post(String path, String body) {
        return post(path, body.getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> post(String path, byte[] body) {
        return send(HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofByteArray(body)));
    }

    private HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(
                    request.timeout(Duration.ofMillis(PATIENCE_MILLIS)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Socket connect() throws IOException {
        return connect(server.address().getPort());
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** Sends as it is, ends its own direction, and reads to the end. */
    private String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
