package dev.firedrill.internal.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real server on loopback that hands each accepted connection to the test and does nothing by itself. */
final class HandServer implements AutoCloseable {

    private static final int BACKLOG = 1024;

    private final ServerSocket listener;
    private final Thread thread;
    private final BlockingQueue<Peer> accepted = new LinkedBlockingQueue<>();
    private final Queue<Peer> all = new ConcurrentLinkedQueue<>();

    HandServer() throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    HandServer(InetSocketAddress at) throws IOException {
        listener = new ServerSocket();
        listener.bind(at, BACKLOG);
        thread = new Thread(this::accept, "hand-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Peer peer = new Peer(socket);
                all.add(peer);
                accepted.add(peer);
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void join() {
        try {
            thread.join(Peer.PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** The next connection, in the order of their acceptance. */
    Peer accepted() {
        Peer peer = poll(Peer.PATIENCE);
        if (peer == null) {
            throw new AssertionError("nobody connected to the server within " + Peer.PATIENCE);
        }
        return peer;
    }

    boolean isLeftAloneFor(Duration time) {
        return poll(time) == null;
    }

    private Peer poll(Duration time) {
        try {
            return accepted.poll(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for a connection", e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        join(); // until then the kernel still takes connections
        for (Peer peer : all) {
            peer.close();
        }
    }
}
