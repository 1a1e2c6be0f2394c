package dev.firedrill.benchmarks.network;

import java.io.IOException;

/**
 * One that is compared.
 *
 * @param name as the table has it
 * @param isProxy says whether there is a process to look at
 * @param makesFaults says whether it can be slowed down
 * @param starter starts it
 */
record Peer(String name, boolean isProxy, boolean makesFaults, Starter starter) {

    static final String DIRECT = "direct";
    static final String EMBEDDED = "embedded";
    static final String TOXIPROXY = "Toxiproxy";
    static final String HAPROXY = "HAProxy";

    /** Starts a way to the servers. */
    @FunctionalInterface
    interface Starter {
        Way start(Servers servers) throws IOException, InterruptedException;
    }

    Way start(Servers servers) throws IOException, InterruptedException {
        return starter.start(servers);
    }
}
