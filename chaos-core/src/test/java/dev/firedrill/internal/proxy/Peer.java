package dev.firedrill.internal.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One end of a TCP connection, held in the test's hand. Nothing waits longer than {@link #PATIENCE}. */
final class Peer implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket;

    Peer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) PATIENCE.toMillis());
    }

    /** How a stream ends. */
    enum Ending {
        FIN,
        RST
    }

    static Peer connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address, (int) PATIENCE.toMillis());
        return new Peer(socket);
    }

    /** How a connection ends that nobody has spoken on. A reset may come so soon that connecting fails by it. */
    static Ending endingOfNew(InetSocketAddress address) throws IOException {
        try (Peer peer = connect(address)) {
            return peer.ending();
        } catch (SocketException e) {
            return ending(e);
        }
    }

    Peer send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Peer send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** How long each read waits. */
    Peer waits(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        return this;
    }

    InputStream input() throws IOException {
        return socket.getInputStream();
    }

    String receive(int length) throws IOException {
        return new String(receiveBytes(length), StandardCharsets.ISO_8859_1);
    }

    byte[] receiveBytes(int length) throws IOException {
        return socket.getInputStream().readNBytes(length);
    }

    /** What each read finds until there are so many bytes. */
    List<String> receivePieces(int length) throws IOException {
        List<String> pieces = new ArrayList<>();
        byte[] bytes = new byte[length];
        int total = 0;
        while (total < length) {
            int got = socket.getInputStream().read(bytes, 0, length - total);
            if (got < 0) {
                break;
            }
            total += got;
            pieces.add(new String(bytes, 0, got, StandardCharsets.ISO_8859_1));
        }
        return pieces;
    }

    /** Skips what still comes, and says how it ends. */
    Ending ending() throws IOException {
        byte[] skipped = new byte[1 << 16];
        try {
            int length;
            do {
                length = socket.getInputStream().read(skipped);
            } while (length >= 0);
            return Ending.FIN;
        } catch (SocketException e) {
            return ending(e);
        }
    }

    static Ending ending(SocketException e) throws SocketException {
        if (List.of("Connection reset", "Connection reset by peer").contains(e.getMessage())) {
            return Ending.RST;
        }
        throw e;
    }

    /** Says whether neither a byte nor an end comes for some time. */
    boolean isQuietFor(Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            socket.getInputStream().read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (SocketException e) {
            return false;
        } finally {
            if (!socket.isClosed()) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
            }
        }
    }

    /** Ends its own direction; the other one goes on. */
    Peer finish() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
