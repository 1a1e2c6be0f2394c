package dev.firedrill.internal.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.internal.SystemTime;
import dev.firedrill.schedule.Chance;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is served, and who is taken for a web page. */
class GuardTests {

    private static final int PATIENCE_MILLIS = 10_000;

    private final ApiServer server = new ApiServer("localhost", 0, SystemTime.CLOCK, Chance.ofSeed(8231));

    @AfterEach
    void end() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "User-Agent, Mozilla/5.0 (X11; Linux x86_64), User agent not allowed",
        "Origin, http://evil.example, Requests of web pages are not allowed",
        "Sec-Fetch-Site, cross-site, Requests of web pages are not allowed",
    })
    void refuses_browsers(String header, String value, String why) throws IOException {
        assertThat(raw("GET /proxies HTTP/1.1\r\nHost: localhost\r\n" + header + ": " + value + "\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8474",
                "127.0.0.1.evil.example",
                "evil.example.",
                "localhost.evil.example."
            })
    void refuses_names_that_were_made_to_lead_here(String host) throws IOException {
        assertThat(raw("GET /proxies HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("Host " + host + " is not allowed: this server listens on localhost alone;");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8474",
                "127.0.0.1:1",
                "[::1]:8474",
                "toxiproxy.localhost",
                "localhost.",
                "localhost.:8474"
            })
    void serves_whoever_asks_for_this_machine(String host) throws IOException {
        assertThat(raw("GET /proxies HTTP/1.1\r\nHost: " + host + "\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8474/version",
                "HTTP://127.0.0.1/version?x=http://y/z",
                "http://user@[::1]:8474/version",
            })
    void serves_whoever_asks_as_a_proxy_is_asked(String target) throws IOException {
        assertThat(raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .contains("2.12.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example/version", "http://localhost@evil.example:80/version"})
    void looks_at_the_name_in_the_target_too(String target) throws IOException {
        assertThat(raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("Host evil.example");
    }

    @Test
    void a_target_without_a_path_is_the_root() throws IOException {
        assertThat(raw("GET http://localhost HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .startsWith("HTTP/1.1 404")
                .contains("404 page not found");
    }

    @Test
    void serves_clients_of_http_1_0_without_a_host() throws IOException {
        assertThat(raw("GET /version HTTP/1.0\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .contains("2.12.0");
    }

    private String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
