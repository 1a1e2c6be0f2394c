package dev.firedrill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A server that asks another one for each line it is asked, and passes the answer on. */
final class OrdersProgram {

    private OrdersProgram() {}

    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        String[] called = arguments[1].split(":", -1);
        InetSocketAddress address = new InetSocketAddress(called[0], Integer.parseInt(called[1]));
        try (ServerSocket listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            while (true) {
                try (Socket socket = listener.accept()) {
                    serve(socket, address);
                } catch (IOException e) {
                    System.out.println(e);
                }
            }
        }
    }

    private static void serve(Socket socket, InetSocketAddress called) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                answer = LineServer.ask(called, line, 1_000);
            } catch (IOException e) {
                answer = "no answer: " + e.getMessage();
            }
            socket.getOutputStream().write((answer + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
