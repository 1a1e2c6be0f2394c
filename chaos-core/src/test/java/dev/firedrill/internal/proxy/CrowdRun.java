package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMinutes;

import dev.firedrill.Chaos;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.Upstream;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.internal.proxy.Peer.Ending;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** More connections than a link takes, in a JVM of its own. They wait, lest each needs four sockets here instead of two. */
final class CrowdRun {

    private static final int MOST = 8_192;

    private CrowdRun() {}

    /** The home of a Chaos. */
    public static void main(String[] arguments) throws IOException {
        List<Peer> callers = new ArrayList<>();
        try (Chaos chaos =
                Chaos.builder().home(Path.of(arguments[0])).reports(null).start()) {
            Service kv = chaos.service("kv", Upstream.at("127.0.0.1", 1));
            chaos.inject(new SlowConnect(ofMinutes(10)), Target.of(kv));
            for (int i = 0; i < MOST; i++) {
                callers.add(Peer.connect(kv.address()));
            }
            for (int i = 0; i < 3; i++) {
                Ending ending = Peer.endingOfNew(kv.address());
                if (ending != Ending.RST) {
                    throw new AssertionError("one too many saw " + ending);
                }
            }
            for (Peer caller : callers) {
                caller.close();
            }
        }
        System.out.println("done");
    }
}
