package dev.firedrill;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server that answers each line with a line, from a certain time after its start on; it prints when that was. */
final class LateProgram {

    static final String ACCEPTS = "accepts from ";

    private LateProgram() {}

    public static void main(String[] arguments) throws Exception {
        // not the process's start, which is known to the second only
        Instant started =
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
        Instant opens = started.plus(delay());
        long millis = Duration.between(Instant.now(), opens).toMillis();
        if (millis > 0) {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        }
        int port = Integer.parseInt(arguments[0]);
        try (ServerSocket listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            System.out.println(ACCEPTS + Instant.now());
            while (true) {
                answer(listener.accept());
            }
        }
    }

    private static Duration delay() throws IOException {
        Path file = Path.of("delay"); // in the node's directory
        return Files.exists(file) ? Duration.ofMillis(Long.parseLong(Files.readString(file))) : Duration.ZERO;
    }

    private static void answer(Socket accepted) {
        try (Socket socket = accepted) {
            socket.setSoTimeout(1_000);
            int read;
            do {
                read = socket.getInputStream().read();
            } while (read != '\n' && read >= 0);
            socket.getOutputStream().write("fine\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            System.out.println(e);
        }
    }
}
