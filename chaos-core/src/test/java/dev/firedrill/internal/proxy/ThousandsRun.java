package dev.firedrill.internal.proxy;

import static org.awaitility.Awaitility.await;

import dev.firedrill.Chaos;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.Upstream;
import dev.firedrill.fault.Latency;
import dev.firedrill.spi.ActiveFault;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Thousands of connections at once, in a JVM of its own. */
final class ThousandsRun {

    private static final int CONNECTIONS = 4_000;
    private static final int ROUNDS = 3;
    private static final String MESSAGE = "a message of sixty-four bytes, as they often are in benchmarks..";

    private ThousandsRun() {}

    /** The home of a Chaos. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (EchoServer server = new EchoServer();
                Chaos chaos = Chaos.builder()
                        .home(Path.of(arguments[0]))
                        .reports(null)
                        .start()) {
            Service kv = chaos.service("kv", Upstream.at("127.0.0.1", server.port()));
            exchange(kv, 100); // what is made once is made
            Belongings before = Belongings.now();
            long heap = heap();
            exchange(kv, CONNECTIONS);
            ActiveFault slow = chaos.inject(new Latency(Duration.ofMillis(1)), Target.of(kv));
            exchange(kv, CONNECTIONS);
            slow.heal();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Belongings.now().socketsSince(before).isEmpty());
            System.out.println("heap grew by " + (heap() - heap) / 1024 + " KB");
        }
        System.out.println("done");
    }

    private static void exchange(Service kv, int connections) throws IOException {
        List<Peer> callers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            callers.add(Peer.connect(kv.address()));
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (Peer caller : callers) {
                caller.send(MESSAGE);
            }
            for (Peer caller : callers) {
                String reply = caller.receive(MESSAGE.length());
                if (!reply.equals(MESSAGE)) {
                    throw new AssertionError("sent \"" + MESSAGE + "\" but received \"" + reply + "\"");
                }
            }
        }
        for (Peer caller : callers) {
            caller.close();
        }
    }

    /** What is in use when the collector has been by; each time it also hands over what was lost. */
    private static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            CountDownLatch collected = new CountDownLatch(1);
            Cleaner.create().register(new Object(), collected::countDown);
            do {
                System.gc();
            } while (!collected.await(100, TimeUnit.MILLISECONDS));
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
