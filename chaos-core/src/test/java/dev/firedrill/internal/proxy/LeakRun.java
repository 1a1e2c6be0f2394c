package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.firedrill.Chaos;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.Upstream;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Corrupt;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.DelayMessage;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.DropMessage;
import dev.firedrill.fault.Duplicate;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.HalfOpen;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.Messages;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.Reorder;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.internal.SystemTime;
import dev.firedrill.schedule.Chance;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/** The main class of a JVM of its own, whose leak detector watches every buffer. */
final class LeakRun {

    private static final int ROUNDS = 400;
    private static final int CHANGES = 30;

    private LeakRun() {}

    /** The home of a Chaos, and whether a buffer is to be lost on purpose. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (EchoServer server = new EchoServer();
                Chaos chaos = Chaos.builder()
                        .home(Path.of(arguments[0]))
                        .reports(null)
                        .start()) {
            stir(chaos, chaos.service("kv", Upstream.at("127.0.0.1", server.port())));
            change(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        }
        if (Boolean.parseBoolean(arguments[1])) {
            lose();
        }
        report();
        System.out.println("done");
    }

    /** Every fault comes and goes while callers send, half-close, vanish and don't read. */
    private static void stir(Chaos chaos, Service kv) throws IOException {
        Random random = new Random(1);
        Deque<ActiveFault> active = new ArrayDeque<>();
        Deque<Peer> callers = new ArrayDeque<>();
        for (int i = 0; i < ROUNDS; i++) {
            connect(kv, callers);
            callers.forEach(caller -> speak(caller, random));
            if (callers.size() > 5) {
                leave(callers.removeFirst(), random);
            }
            active.add(chaos.inject(fault(random), Target.of(kv)));
            if (active.size() > 3) {
                active.removeFirst().heal();
            }
        }
        for (Peer caller : callers) {
            caller.close();
        }
    }

    /** What the old toxic has held meets a limit behind the new one, and the proxy is gone before the rest is due. */
    private static void change(InetSocketAddress upstream) throws IOException {
        try (TcpProxies proxies = new TcpProxies(SystemTime.CLOCK, Chance.ofSeed(1))) {
            for (int i = 0; i < CHANGES; i++) {
                try (TcpProxy proxy = proxies.proxy("kv", () -> upstream)) {
                    proxy.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                    try (Peer caller = Peer.connect(proxy.address())) {
                        caller.send("?").receive(1);
                        proxy.put(toxic("hold", new Latency(ofSeconds(30), Duration.ZERO, Direction.UPSTREAM)), 1);
                        proxy.put(toxic("limit", new LimitData(1, Direction.UPSTREAM)), 2);
                        for (int part = 0; part < 10; part++) {
                            caller.send(new byte[30_000]);
                            proxy.remove("nothing"); // until then the thread has read at least a part
                        }
                        proxy.put(toxic("hold", new Bandwidth(new DataRate(1_000), Direction.UPSTREAM)), 1);
                    }
                }
            }
        }
    }

    private static Toxic toxic(String name, Fault fault) {
        return new Toxic(name, fault, Direction.UPSTREAM, 1, Schedule.now(), false);
    }

    private static void connect(Service kv, Deque<Peer> callers) {
        try {
            callers.add(Peer.connect(kv.address()));
        } catch (IOException e) {
            return; // it was refused
        }
    }

    private static void speak(Peer caller, Random random) {
        try {
            caller.send(new byte[random.nextInt(20_000)]);
            if (random.nextInt(20) == 0) {
                caller.finish();
            }
        } catch (IOException e) {
            return; // as it is meant to be under such faults
        }
    }

    private static void leave(Peer caller, Random random) throws IOException {
        if (random.nextBoolean()) {
            caller.close();
        } else {
            caller.reset();
        }
    }

    private static Fault fault(Random random) {
        Messages messages = Messages.ALL.framed(random.nextBoolean() ? "length:8" : "line");
        return switch (random.nextInt(26)) {
            case 0 -> new Blackhole();
            case 1 -> new ResetPeer();
            case 2 -> new ResetPeer(ofMillis(3));
            case 3 -> new Refuse();
            case 4, 5 -> new Bandwidth(new DataRate(0));
            case 6, 7 -> new Bandwidth(new DataRate(random.nextInt(1_000_000)));
            case 8 -> new Latency(ofSeconds(30));
            case 9 -> new Corrupt(Corrupt.How.GARBLE, messages, Direction.BOTH);
            case 10 -> new DropMessage(messages, Direction.BOTH);
            case 11 -> new Duplicate(messages);
            case 12 -> new Reorder(ofMillis(10), messages, Direction.BOTH);
            case 13 -> new DelayMessage(ofMillis(10), messages, Direction.BOTH);
            case 14 -> new Slice(1 + random.nextInt(2_000), ofMillis(random.nextInt(5)));
            case 15 -> new Slice(1_000, ofSeconds(30));
            case 16 -> new LimitData(random.nextInt(30_000), Direction.BOTH);
            case 17 -> new SlowClose(ofMillis(random.nextInt(10)));
            case 18 -> new SlowClose(ofSeconds(30));
            case 19 -> new SlowConnect(ofMillis(1 + random.nextInt(20)));
            case 20 -> new Disconnect(ofMillis(random.nextInt(20)));
            case 21 -> new HalfOpen();
            case 22 -> new PacketLoss(0.5, ofMillis(1 + random.nextInt(20)));
            default -> new Latency(ofMillis(random.nextInt(10)));
        };
    }

    @SuppressWarnings("UnusedVariable")
    private static void lose() {
        for (int i = 0; i < 10; i++) {
            ByteBuf lost = ByteBufAllocator.DEFAULT.buffer(64);
            lost.writeByte(1);
        }
    }

    /** The detector reports when it hands out another buffer after the collector has handed over the lost one. */
    private static void report() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            awaitCollector();
            for (int j = 0; j < 100; j++) {
                ByteBufAllocator.DEFAULT.directBuffer(64).release();
            }
        }
    }

    /** References are handed over some time after the collection, on a thread that a busy machine may keep waiting. */
    private static void awaitCollector() throws InterruptedException {
        ReferenceQueue<Object> handedOver = new ReferenceQueue<>();
        WeakReference<Object> last = new WeakReference<>(new Object(), handedOver);
        for (int i = 0; i < 100; i++) {
            System.gc();
            if (last.equals(handedOver.remove(100))) {
                return;
            }
        }
        throw new IllegalStateException("the collector did not come in time");
    }
}
