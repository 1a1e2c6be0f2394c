package dev.firedrill.benchmarks.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The caller. Each measure opens its own connections, lets them run for a moment, and then looks. */
final class Load {

    private static final int BULK_WRITE = 1 << 16;
    private static final int MESSAGE = 64;
    private static final int MAX_SAMPLES = 2_000_000;
    private static final long SETTLE_MILLIS = 200;
    private static final long IDLE_SETTLE_MILLIS = 1_000;

    private final Servers servers;
    private final long[] samples = new long[MAX_SAMPLES];
    private int count;

    Load(Servers servers) {
        this.servers = servers;
    }

    /** What a stream came to. */
    record Bulk(double gigabytesPerSecond, double cpuMillisPerGigabyte) {}

    /** What exchanges came to; the percentiles are in microseconds. */
    record Echo(double p50, double p99, double perSecond, double cpuMicros, double allocatedBytes) {}

    private static SocketChannel connect(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.socket().setTcpNoDelay(true);
        channel.socket().setSoTimeout(10_000);
        return channel;
    }

    Bulk bulk(Way way, long millis) throws IOException, InterruptedException {
        Bulk result;
        try (SocketChannel channel = connect(way.sinkPort())) {
            Servers.daemon("bulk", () -> pour(channel));
            Thread.sleep(SETTLE_MILLIS);
            double cpu = way.cpuMillis();
            long bytes = servers.sunk();
            long start = System.nanoTime();
            Thread.sleep(millis);
            double gigabytes = (servers.sunk() - bytes) / 1e9;
            double seconds = (System.nanoTime() - start) / 1e9;
            result = new Bulk(gigabytes / seconds, (way.cpuMillis() - cpu) / gigabytes);
        }
        servers.awaitQuiet();
        return result;
    }

    private static void pour(SocketChannel channel) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(BULK_WRITE);
        try {
            while (true) {
                bytes.clear();
                channel.write(bytes);
            }
        } catch (IOException e) {
            // the measure is over
        }
    }

    /** On one connection by a thread that blocks: the shortest way that there is. */
    Echo one(Way way, long millis) throws IOException {
        try (SocketChannel channel = connect(way.echoPort())) {
            ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);
            for (long end = after(SETTLE_MILLIS); System.nanoTime() < end; ) {
                exchange(channel, message);
            }
            count = 0;
            Mark mark = new Mark(way);
            for (long end = after(millis); System.nanoTime() < end && count < MAX_SAMPLES; ) {
                long start = System.nanoTime();
                exchange(channel, message);
                samples[count++] = System.nanoTime() - start;
            }
            return mark.echo();
        }
    }

    private static long after(long millis) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static void exchange(SocketChannel channel, ByteBuffer message) throws IOException {
        message.clear();
        channel.write(message);
        message.clear();
        while (message.hasRemaining()) {
            if (channel.read(message) < 0) {
                throw new IOException("the connection ended in the middle of an exchange");
            }
        }
    }

    /** On many by one thread that selects; begun one after the other over {@code spreadMillis}, lest they go in step. */
    Echo many(Way way, int connections, long millis, long spreadMillis) throws IOException {
        List<SocketChannel> channels = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            long begin = System.nanoTime();
            for (int i = 0; i < connections; i++) {
                SocketChannel channel = connect(way.echoPort());
                channels.add(channel);
                channel.configureBlocking(false);
                Caller caller = new Caller(channel);
                channel.register(selector, SelectionKey.OP_READ, caller);
                long due = begin + TimeUnit.MILLISECONDS.toNanos(spreadMillis) * i / connections;
                do {
                    selector.selectNow(key -> ((Caller) key.attachment()).answered());
                } while (System.nanoTime() < due);
                caller.send();
            }
            for (long end = after(SETTLE_MILLIS); System.nanoTime() < end; ) {
                selector.select(key -> ((Caller) key.attachment()).answered(), SETTLE_MILLIS);
            }
            count = 0;
            Mark mark = new Mark(way);
            for (long end = after(millis); System.nanoTime() < end && count < MAX_SAMPLES - connections; ) {
                selector.select(key -> ((Caller) key.attachment()).answered(), millis);
            }
            return mark.echo();
        } finally {
            close(channels);
        }
    }

    private static void close(List<SocketChannel> channels) throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
    }

    /** One of many connections. */
    private final class Caller {

        private final SocketChannel channel;
        private final ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);
        private long start;

        Caller(SocketChannel channel) {
            this.channel = channel;
        }

        void send() throws IOException {
            message.clear();
            start = System.nanoTime();
            channel.write(message);
            message.clear();
        }

        void answered() {
            try {
                if (channel.read(message) < 0) {
                    throw new IOException("the connection ended in the middle of an exchange");
                }
                if (!message.hasRemaining()) {
                    samples[count++] = System.nanoTime() - start;
                    send();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** How things stood when a measure began. */
    private final class Mark {

        private final Way way;
        private final double allocated;
        private final double cpu;
        private final long start;

        Mark(Way way) throws IOException {
            this.way = way;
            allocated = way.allocatedBytes();
            cpu = way.cpuMillis();
            start = System.nanoTime();
        }

        Echo echo() throws IOException {
            double seconds = (System.nanoTime() - start) / 1e9;
            double cpuMicros = (way.cpuMillis() - cpu) * 1_000 / count;
            double bytes = (way.allocatedBytes() - allocated) / count;
            Arrays.sort(samples, 0, count);
            return new Echo(percentile(50), percentile(99), count / seconds, cpuMicros, bytes);
        }

        private double percentile(int percent) {
            return samples[(int) ((long) count * percent / 100)] / 1_000.0;
        }
    }

    /** What an idle connection costs its proxy, in KB; each has exchanged one message. */
    double idle(Way way, int connections) throws IOException, InterruptedException {
        Child process = way.process();
        if (process == null) {
            return Double.NaN;
        }
        close(idling(way, 20));
        Thread.sleep(SETTLE_MILLIS);
        double before = process.residentKilobytes();
        List<SocketChannel> channels = idling(way, connections);
        Thread.sleep(IDLE_SETTLE_MILLIS);
        double after = process.residentKilobytes();
        close(channels);
        return (after - before) / connections;
    }

    private static List<SocketChannel> idling(Way way, int connections) throws IOException {
        ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);
        List<SocketChannel> channels = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = connect(way.echoPort());
            channels.add(channel);
            exchange(channel, message);
        }
        return channels;
    }
}
