package dev.firedrill.junit5;

import dev.firedrill.Upstream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A real server on loopback that sends back each byte; sick, it sends back another. Lives as long as the JVM. */
final class Echo {

    private static final byte WELL = 'w';

    private final ServerSocket listener;
    private volatile boolean sick;
    private final AtomicInteger connections = new AtomicInteger();

    Echo() {
        try {
            listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "echo");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                daemon(() -> serve(socket));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            for (int read = socket.getInputStream().read();
                    read >= 0;
                    read = socket.getInputStream().read()) {
                socket.getOutputStream().write(sick ? read + 1 : read);
            }
        } catch (IOException e) {
            return; // the caller went away
        }
    }

    Upstream upstream() {
        return Upstream.at("127.0.0.1", listener.getLocalPort());
    }

    void sick(boolean now) {
        sick = now;
    }

    int connections() {
        return connections.get();
    }

    /** One exchange on a connection of its own. */
    static boolean ask(InetSocketAddress address) throws IOException {
        return ask(address, 5_000);
    }

    static boolean ask(InetSocketAddress address, int timeoutMillis) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            socket.getOutputStream().write(WELL);
            int read = socket.getInputStream().read();
            if (read < 0) {
                throw new IOException("closed by the server");
            }
            return read == WELL;
        }
    }
}
