package dev.firedrill.junit5;

import dev.firedrill.LocalProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A server process that sends back each byte on every port it is given. */
final class EchoMain {

    private EchoMain() {}

    /** The process; its ports are chosen at each start. */
    static LocalProcess process(int... ports) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                EchoMain.class.getName()));
        for (int port : ports) {
            command.add("{port:" + port + "}");
        }
        return LocalProcess.of(command.toArray(String[]::new)).ports(ports);
    }

    public static void main(String[] arguments) {
        Stream.of(arguments).map(Integer::valueOf).forEach(port -> new Thread(() -> listen(port)).start());
    }

    private static void listen(int port) {
        try (ServerSocket listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            while (true) {
                Socket socket = listener.accept();
                new Thread(() -> serve(socket)).start();
            }
        } catch (IOException e) {
            System.exit(1);
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            for (int read = socket.getInputStream().read();
                    read >= 0;
                    read = socket.getInputStream().read()) {
                socket.getOutputStream().write(read);
            }
        } catch (IOException e) {
            return; // the caller went away
        }
    }
}
