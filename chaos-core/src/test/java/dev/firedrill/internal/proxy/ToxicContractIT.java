package dev.firedrill.internal.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** The real one, on this machine's network: it has to reach the test's server. */
@Tag("docker")
class ToxicContractIT extends ToxicContract {

    private static GenericContainer<?> container;
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        container = new GenericContainer<>("ghcr.io/shopify/toxiproxy:2.12.0")
                .withNetworkMode("host")
                .withCommand("-host", "127.0.0.1", "-port", String.valueOf(port))
                .waitingFor(Wait.forLogMessage(".*Starting Toxiproxy HTTP server.*", 1));
        container.start();
    }

    @AfterAll
    static void end() {
        container.close();
    }

    @Override
    InetSocketAddress api() {
        return new InetSocketAddress("127.0.0.1", port);
    }
}
