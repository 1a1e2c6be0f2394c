package dev.firedrill.benchmarks.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** For programs that can't be asked which port they were given. */
final class Ports {

    private static final int TRIES = 500;
    private static final int PAUSE_MILLIS = 10;

    private Ports() {}

    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static void await(Child child, int port) throws IOException, InterruptedException {
        for (int i = 0; i < TRIES && child.isAlive(); i++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
        throw new IOException(
                "nobody listens on port " + port + " of 127.0.0.1; is the process alive? " + child.isAlive());
    }
}
