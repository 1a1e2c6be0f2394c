package dev.firedrill.internal.proxy;

import java.io.IOException;
import java.net.ServerSocket;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** The real Toxiproxy, on this machine's network: it has to reach the test's servers. */
public final class LocalToxiproxy implements AutoCloseable {

    private final GenericContainer<?> container;
    private final int port;

    private LocalToxiproxy(GenericContainer<?> container, int port) {
        this.container = container;
        this.port = port;
    }

    public static LocalToxiproxy start() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        GenericContainer<?> container = new GenericContainer<>("ghcr.io/shopify/toxiproxy:2.12.0")
                .withNetworkMode("host")
                .withCommand("-host", "127.0.0.1", "-port", String.valueOf(port))
                .waitingFor(Wait.forLogMessage(".*Starting Toxiproxy HTTP server.*", 1));
        container.start();
        return new LocalToxiproxy(container, port);
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        container.close();
    }
}
