package dev.firedrill.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;

class RoutesTests {

    @Test
    void answers_every_request_as_toxiproxy_does() throws Exception {
        try (FiredrillServer server = FiredrillServer.start()) {
            URI uri = URI.create("http://127.0.0.1:" + server.address().getPort());

            assertThat(new RoutesScript(uri, freePort()).run()).isEqualTo(RoutesScript.recorded());
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
