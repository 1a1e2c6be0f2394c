package dev.firedrill.benchmarks;

import dev.firedrill.Upstream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Sends back what it gets. */
final class EchoServer implements AutoCloseable {

    private final ServerSocket listener;

    EchoServer() throws IOException {
        listener = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
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
                socket.setTcpNoDelay(true);
                daemon(() -> serve(socket));
            }
        } catch (IOException e) {
            if (!listener.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void serve(Socket socket) {
        byte[] buffer = new byte[65_536];
        try (socket) {
            InputStream in = socket.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                socket.getOutputStream().write(buffer, 0, read);
            }
        } catch (IOException e) {
            // the benchmark is over
        }
    }

    Upstream upstream() {
        return Upstream.at("127.0.0.1", listener.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
