package dev.firedrill.benchmarks.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy in TCP mode, with its own defaults. */
final class HaproxyWay extends Way {

    private final Child child;
    private final int echoPort;
    private final int sinkPort;

    HaproxyWay(Setting setting, String program, Servers servers) throws IOException, InterruptedException {
        echoPort = Ports.free();
        sinkPort = Ports.free();
        Path file = Files.writeString(setting.work().resolve("haproxy.cfg"), """
                global
                    maxconn 9000
                defaults
                    mode tcp
                    timeout connect 10s
                    timeout client 10m
                    timeout server 10m
                listen echo
                    bind 127.0.0.1:%d
                    server one 127.0.0.1:%d
                listen sink
                    bind 127.0.0.1:%d
                    server one 127.0.0.1:%d
                """.formatted(
                        echoPort, servers.echoPort(), sinkPort, servers.sinkPort()));
        child = Child.silent(setting, List.of(program, "-db", "-f", file.toString()));
        try {
            Ports.await(child, echoPort);
        } catch (IOException | InterruptedException e) {
            child.close();
            throw e;
        }
    }

    @Override
    Child process() {
        return child;
    }

    @Override
    int echoPort() {
        return echoPort;
    }

    @Override
    int sinkPort() {
        return sinkPort;
    }
}
