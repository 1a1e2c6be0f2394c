package dev.firedrill.benchmarks.network;

import org.jspecify.annotations.Nullable;

/** No proxy at all. */
final class StraightWay extends Way {

    private final Servers servers;

    StraightWay(Servers servers) {
        this.servers = servers;
    }

    @Override
    @Nullable
    Child process() {
        return null;
    }

    @Override
    int echoPort() {
        return servers.echoPort();
    }

    @Override
    int sinkPort() {
        return servers.sinkPort();
    }
}
