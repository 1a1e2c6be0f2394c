package dev.firedrill.internal.proxy;

import dev.firedrill.Chaos;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.Upstream;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.DropMessage;
import dev.firedrill.fault.Messages;
import dev.firedrill.internal.proxy.Rig.Route;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** More replies than there is memory, none of which ends with a write, beside a fault of requests; in a JVM of its own. */
final class LookedOnRun {

    private static final int WRITES = 2_000;
    private static final int WRITE = 64_000;
    private static final int LINE = 1_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private LookedOnRun() {}

    /** The home of a Chaos. */
    public static void main(String[] arguments) throws Exception {
        try (HandServer server = new HandServer();
                Chaos chaos = Chaos.builder()
                        .home(Path.of(arguments[0]))
                        .reports(null)
                        .start()) {
            Service kv = chaos.service(
                    "kv", Upstream.at("127.0.0.1", server.address().getPort()));
            Messages never = Messages.ALL.framed("line").command("never");
            chaos.inject(new DropMessage(never, Direction.UPSTREAM), Target.of(kv));
            Route route = new Route(Peer.connect(kv.address()).waits(PATIENCE), server.accepted());
            byte[] bytes = new byte[WRITE];
            Arrays.fill(bytes, (byte) 'y');
            for (int i = LINE / 2; i < WRITE; i += LINE) {
                bytes[i] = '\n';
            }
            Background<Boolean> sending = Background.run(() -> {
                for (int i = 0; i < WRITES; i++) {
                    route.service().send(bytes);
                }
            });
            byte[] part = new byte[1 << 16];
            for (long got = 0; got < (long) WRITES * WRITE; ) {
                int length = route.caller().input().read(part);
                if (length < 0) {
                    throw new AssertionError("an end after " + got + " bytes");
                }
                got += length;
            }
            sending.result(PATIENCE);
        }
        System.out.println("done");
    }
}
