package dev.firedrill.internal.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.internal.SystemTime;
import dev.firedrill.schedule.Chance;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that ask ahead, that do nothing, and that are too many. */
class ClientsTests {

    private static final int MOST = 256;
    private static final int SOON_MILLIS = 300;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final String ASK = "GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String ASK_LAST = "GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final String NONE_PROXY = "\"upstream\":\"127.0.0.1:1\",\"enabled\":false}";

    private final PrintStream err = System.err;
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final List<Socket> clients = new ArrayList<>();
    private ApiServer server;

    @BeforeEach
    void start() {
        server = new ApiServer("localhost", 0, SystemTime.CLOCK, Chance.ofSeed(8231), PATIENCE_MILLIS);
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() throws IOException {
        System.setErr(err);
        for (Socket client : clients) {
            client.close();
        }
        server.close();
    }

    // ---- one after the other

    /** More than eight were closed without an answer, though the first eight had been served. */
    @Test
    void requests_that_come_at_once_are_answered_in_their_order() throws IOException {
        String all = IntStream.range(0, 40)
                .mapToObj(i -> post("/proxies", "{\"name\":\"p" + i + "\"," + NONE_PROXY))
                .collect(Collectors.joining());
        assertThat(found("\"name\":\"(p[0-9]+)\"", raw(all + ASK_LAST)))
                .isEqualTo(IntStream.range(0, 40).mapToObj(i -> "p" + i).toList());
    }

    @Test
    void a_malformed_request_is_told_so_behind_earlier_answers_and_is_the_last() throws IOException {
        String said = raw(ASK.repeat(20) + "GET /version HTTP/x\r\n\r\n" + ASK);
        assertThat(statuses(said)).hasSize(21).endsWith("200", "400").startsWith("200");
        assertThat(said).endsWith("Bad Request\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Expect: 100-continue\r\n"})
    void too_large_a_body_is_told_so_behind_earlier_answers(String header) throws IOException {
        assertThat(statuses(raw(ASK.repeat(20) + "POST /populate HTTP/1.1\r\nHost: localhost\r\n" + header
                        + "Content-Length: 5000000\r\n\r\n")))
                .hasSize(21)
                .endsWith("200", "413");
    }

    /** A reset would overtake the answer. */
    @Test
    void whoever_sends_too_much_can_send_it_and_is_told() throws IOException {
        assertThat(statuses(raw("POST /populate HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30000000\r\n\r\n"
                        + " ".repeat(30_000_000))))
                .containsExactly("413");
    }

    @Test
    void a_client_that_stays_behind_its_last_answer_is_closed() throws IOException {
        Socket client = connect();
        send(client, ASK_LAST);
        assertThat(statuses(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8)))
                .containsExactly("200");
        await().until(() -> isRefused(client));
    }

    private static boolean isRefused(Socket client) {
        try {
            send(client, ASK);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void nothing_is_served_behind_a_request_that_is_to_be_the_last() throws IOException {
        assertThat(statuses(raw(ASK_LAST + post("/proxies", "{\"name\":\"late\"," + NONE_PROXY))))
                .containsExactly("200");
        assertThat(raw("GET /proxies HTTP/1.0\r\n\r\n")).endsWith("\r\n\r\n{}");
    }

    @Test
    void an_answer_to_head_has_no_body() throws IOException {
        String said = raw("HEAD /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n" + ASK_LAST);
        assertThat(statuses(said)).containsExactly("404", "200");
        assertThat(said).doesNotContain("page not found").contains("content-length: 19");
    }

    // ---- half a request

    /** Nothing was read any more that would have started the clock. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /vers",
                "GET /version HTTP/1.1\r\n",
                "GET /version HTTP/1.1\r\nHost: local",
                "POST /proxies HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
                "POST /proxies HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
            })
    void half_a_request_behind_a_whole_one_has_to_become_whole_as_soon(String half) throws IOException {
        server.close();
        server = new ApiServer("localhost", 0, SystemTime.CLOCK, Chance.ofSeed(8231), SOON_MILLIS);
        Socket resting = connect();
        assertThat(ask(resting)).isEqualTo("200");
        Socket slow = connect();
        send(slow, ASK + half);
        assertThat(statuses(new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8)))
                .containsExactly("200");
        assertThat(ask(resting)).as("one that rests may").isEqualTo("200");
    }

    @Test
    void the_other_half_is_answered_too() throws IOException {
        Socket slow = connect();
        send(slow, ASK + ASK.substring(0, 30));
        assertThat(answer(slow)).isEqualTo("200");
        send(slow, ASK.substring(30));
        assertThat(answer(slow)).isEqualTo("200");
    }

    // ---- too many

    /** Test runs that keep connections open would keep the one out that heals. */
    @Test
    void whoever_has_rested_longest_makes_room_for_a_new_client() throws IOException {
        for (int i = 0; i < MOST; i++) {
            assertThat(ask(connect())).isEqualTo("200");
        }
        assertThat(ask(clients.get(0))).isEqualTo("200");

        assertThat(ask(connect())).isEqualTo("200");
        assertThat(ask(connect())).isEqualTo("200");

        assertThat(isClosed(clients.get(1))).isTrue();
        assertThat(isClosed(clients.get(2))).isTrue();
        assertThat(ask(clients.get(0))).isEqualTo("200");
        assertThat(ask(clients.get(3))).isEqualTo("200");
        assertThat(found("(256 clients are connected)", logged.toString(StandardCharsets.UTF_8)))
                .as("the log")
                .hasSize(1);
    }

    @Test
    void a_new_client_is_turned_away_while_none_rests() throws IOException {
        for (int i = 0; i < MOST; i++) {
            Socket client = connect();
            assertThat(ask(client)).isEqualTo("200");
            send(client, ASK + ASK.substring(0, 9));
            assertThat(answer(client)).isEqualTo("200");
        }
        assertThat(isClosed(connect())).isTrue();
        assertThat(isClosed(connect())).isTrue();
        assertThat(found("(256 clients are connected)", logged.toString(StandardCharsets.UTF_8)))
                .as("the log")
                .hasSize(1);

        send(clients.get(7), ASK.substring(9));
        assertThat(answer(clients.get(7))).isEqualTo("200");
        assertThat(ask(connect())).isEqualTo("200");
        assertThat(isClosed(clients.get(7))).isTrue();
    }

    // ---- requests

    private static String post(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private Socket connect() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        clients.add(socket);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String ask(Socket socket) throws IOException {
        send(socket, ASK);
        return answer(socket);
    }

    /** The status of one answer to {@link #ASK}, which ends with a line. */
    private static String answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder said = new StringBuilder();
        while (!said.toString().endsWith("}\n")) {
            int next = in.read();
            assertThat(next).as("what follows %s", said).isNotNegative();
            said.append((char) next);
        }
        return statuses(said.toString()).get(0);
    }

    private static boolean isClosed(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    private String raw(String request) throws IOException {
        Socket socket = connect();
        send(socket, request);
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static List<String> statuses(String said) {
        return found("HTTP/1.1 ([0-9]{3}) ", said);
    }

    private static List<String> found(String pattern, String text) {
        List<String> all = new ArrayList<>();
        for (Matcher matcher = Pattern.compile(pattern).matcher(text); matcher.find(); ) {
            all.add(matcher.group(1));
        }
        return all;
    }
}
