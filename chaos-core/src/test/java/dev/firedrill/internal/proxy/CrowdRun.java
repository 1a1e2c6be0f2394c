package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMinutes;

import dev.firedrill.Chaos;
import dev.firedrill.Report;
import dev.firedrill.Service;
import dev.firedrill.Upstream;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.internal.proxy.Peer.Ending;
import java.io.IOException;
import java.net.InetSocketAddress;
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
            Report report = chaos.experiment("a crowd")
                    .inject(new SlowConnect(ofMinutes(10)), kv)
                    .observe(drill -> crowd(kv.address(), callers));
            System.out.println(report.text());
            for (Peer caller : callers) {
                caller.close();
            }
        }
        System.out.println("done");
    }

    private static void crowd(InetSocketAddress at, List<Peer> callers) throws IOException {
        for (int i = 0; i < MOST; i++) {
            callers.add(Peer.connect(at));
        }
        for (int i = 0; i < 3; i++) {
            Ending ending = Peer.endingOfNew(at);
            if (ending != Ending.RST) {
                throw new AssertionError("one too many saw " + ending);
            }
        }
    }
}
