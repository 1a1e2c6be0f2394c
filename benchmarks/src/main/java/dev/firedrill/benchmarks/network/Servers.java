package dev.firedrill.benchmarks.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One that sends back what it gets, on one thread for all; and one that only takes, on a thread for each connection. */
final class Servers implements AutoCloseable {

    private static final int BUFFER = 1 << 16;
    private static final int BACKLOG = 4_096;

    private final ServerSocketChannel echo = listen();
    private final ServerSocketChannel sink = listen();
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final AtomicLong sunk = new AtomicLong();
    private final AtomicInteger sinking = new AtomicInteger();

    Servers() throws IOException {
        echo.configureBlocking(false);
        echo.register(selector, SelectionKey.OP_ACCEPT);
        daemon("echo", this::echoAll);
        daemon("sink", this::sinkAll);
    }

    private static ServerSocketChannel listen() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    }

    static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    int echoPort() {
        return echo.socket().getLocalPort();
    }

    int sinkPort() {
        return sink.socket().getLocalPort();
    }

    /** How many bytes have been taken. */
    long sunk() {
        return sunk.get();
    }

    /** Waits until the last of a stream is gone, so that the next measure has the machine for itself. */
    void awaitQuiet() throws InterruptedException {
        for (int i = 0; i < 500 && sinking.get() > 0; i++) {
            Thread.sleep(10);
        }
    }

    private void echoAll() {
        try {
            while (selector.isOpen()) {
                selector.select(this::echo);
            }
        } catch (ClosedSelectorException e) {
            // all is over
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void echo(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel accepted = echo.accept();
                if (accepted != null) {
                    accepted.configureBlocking(false);
                    accepted.socket().setTcpNoDelay(true);
                    accepted.register(selector, SelectionKey.OP_READ);
                }
                return;
            }
            SocketChannel channel = (SocketChannel) key.channel();
            buffer.clear();
            if (channel.read(buffer) < 0) {
                channel.close();
                return;
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            close(key);
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            // the peer is gone, which is all that was wanted
        }
    }

    private void sinkAll() {
        try {
            while (true) {
                SocketChannel channel = sink.accept();
                sinking.incrementAndGet();
                daemon("sink of one", () -> sink(channel));
            }
        } catch (IOException e) {
            if (sink.isOpen()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void sink(SocketChannel channel) {
        ByteBuffer taken = ByteBuffer.allocateDirect(BUFFER);
        try (channel) {
            for (int read = channel.read(taken); read >= 0; read = channel.read(taken)) {
                sunk.addAndGet(read);
                taken.clear();
            }
        } catch (IOException e) {
            // the measure is over
        } finally {
            sinking.decrementAndGet();
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        echo.close();
        sink.close();
    }
}
