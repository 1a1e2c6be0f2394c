package dev.firedrill.internal.proxy;

import dev.firedrill.Chaos;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.Upstream;
import dev.firedrill.fault.Latency;
import dev.firedrill.internal.proxy.Rig.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** More bytes at once, over many slow connections, than there is memory, in a JVM of its own. */
final class BulkRun {

    private static final int CONNECTIONS = 40;
    private static final int BYTES = 6 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private BulkRun() {}

    /** The home of a Chaos. */
    public static void main(String[] arguments) throws Exception {
        try (HandServer server = new HandServer();
                Chaos chaos = Chaos.builder()
                        .home(Path.of(arguments[0]))
                        .reports(null)
                        .start()) {
            Service kv = chaos.service(
                    "kv", Upstream.at("127.0.0.1", server.address().getPort()));
            chaos.inject(new Latency(Duration.ofMillis(800)), Target.of(kv));
            byte[] bytes = new byte[BYTES]; // one for all, as the heap is small
            List<Background<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Peer caller = Peer.connect(kv.address()).waits(PATIENCE);
                Route route = new Route(caller, server.accepted());
                all.add(Background.run(() -> route.service().send(bytes)));
                all.add(Background.run(() -> receive(route.caller())));
            }
            for (Background<Boolean> each : all) {
                each.result(PATIENCE);
            }
        }
        System.out.println("done");
    }

    private static void receive(Peer caller) throws IOException {
        byte[] part = new byte[1 << 16];
        int got = 0;
        while (got < BYTES) {
            int length = caller.input().read(part);
            if (length < 0) {
                throw new AssertionError("an end after " + got + " bytes");
            }
            got += length;
        }
    }
}
