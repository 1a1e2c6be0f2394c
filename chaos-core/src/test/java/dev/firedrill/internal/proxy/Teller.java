package dev.firedrill.internal.proxy;

import dev.firedrill.internal.proxy.Peer.Ending;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Scanner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A real server on loopback that answers {@code ask from count} with numbered lines and {@code bye} with its end. */
final class Teller implements AutoCloseable {

    /** Callers are held for some time by faults, and end all their connections. */
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(3);

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final BlockingQueue<Service> accepted = new LinkedBlockingQueue<>();
    private final Queue<Peer> all = new ConcurrentLinkedQueue<>();

    Teller() throws IOException {
        Background.run(this::accept);
    }

    /** The line of a number: 16 bytes. */
    static String line(int number) {
        return String.format(Locale.ROOT, "%07d abcdefg\n", number);
    }

    static String lines(int from, int count) {
        return IntStream.range(from, from + count).mapToObj(Teller::line).collect(Collectors.joining());
    }

    private void accept() throws IOException {
        while (!listener.isClosed()) {
            Socket socket;
            try {
                socket = listener.accept();
            } catch (SocketException e) {
                return; // closed
            }
            Peer peer = new Peer(socket).waits(LONG_ENOUGH);
            all.add(peer);
            Service service = new Service(peer, new CompletableFuture<>());
            accepted.add(service);
            Background.run(service::serve);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Forgets the ends of connections that nobody has asked for. */
    void forget() {
        accepted.clear();
    }

    /** The service's end of the next connection, if there is one in time. */
    Optional<Service> next(Duration within) throws InterruptedException {
        return Optional.ofNullable(accepted.poll(within.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** The service's end of a connection. */
    record Service(Peer peer, CompletableFuture<Ending> ending) {

        private void serve() throws IOException {
            StringBuilder question = new StringBuilder();
            try {
                for (int next = peer.input().read();
                        next >= 0;
                        next = peer.input().read()) {
                    if (next == '\n') {
                        answer(question.toString());
                        question.setLength(0);
                    } else {
                        question.append((char) next);
                    }
                }
                ending.complete(Ending.FIN);
            } catch (SocketException e) {
                ending.complete(Heard.ending(e));
            }
        }

        private void answer(String question) throws IOException {
            if (question.equals("bye")) {
                peer.finish();
            } else {
                Scanner words = new Scanner(question.substring("ask ".length()));
                peer.send(lines(words.nextInt(), words.nextInt()));
            }
        }

        Optional<Ending> ending(Duration within) throws InterruptedException, ExecutionException {
            try {
                return Optional.of(ending.get(within.toMillis(), TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Peer peer : all) {
            peer.close();
        }
    }
}
