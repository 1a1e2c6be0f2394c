package dev.firedrill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A real server on loopback that answers each line with a line. */
public final class LineServer implements AutoCloseable {

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lines = new AtomicInteger();
    private volatile UnaryOperator<String> answers = line -> "pong " + line;

    public LineServer() throws IOException {
        this(0);
    }

    LineServer(int port) throws IOException {
        listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::accept, "line-server");
        thread.setDaemon(true);
        thread.start();
    }

    public Upstream upstream() {
        return Upstream.at("127.0.0.1", listener.getLocalPort());
    }

    /** Null closes the connection instead of answering. */
    public void answer(UnaryOperator<String> answer) {
        answers = answer;
    }

    public int lines() {
        return lines.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread thread = new Thread(() -> serve(socket), "line-server-connection");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = socket.getOutputStream();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.incrementAndGet();
                String answer = answers.apply(line);
                if (answer == null) {
                    return;
                }
                out.write((answer + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (IOException e) {
            return; // the client went away
        } finally {
            sockets.remove(socket);
        }
    }

    /** One exchange on a connection of its own. */
    public static String ask(InetSocketAddress address, String line) throws IOException {
        return ask(address, line, 5_000);
    }

    public static String ask(InetSocketAddress address, String line, int timeoutMillis) throws IOException {
        try (Client client = new Client(address, timeoutMillis)) {
            return client.ask(line);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** A connection that stays. */
    public static final class Client implements AutoCloseable {

        private final Socket socket = new Socket();
        private final BufferedReader in;

        public Client(InetSocketAddress address, int timeoutMillis) throws IOException {
            socket.connect(address, timeoutMillis);
            socket.setSoTimeout(timeoutMillis);
            socket.setTcpNoDelay(true);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        }

        public String ask(String line) throws IOException {
            socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            String answer = in.readLine();
            if (answer == null) {
                throw new IOException("closed by the server");
            }
            return answer;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
