package dev.firedrill.internal.toxiproxy;

import dev.firedrill.ChaosException;
import dev.firedrill.Link;
import dev.firedrill.internal.Loopback;
import dev.firedrill.internal.SystemTime;
import dev.firedrill.internal.journal.Journal;
import dev.firedrill.spi.TimeSource;
import dev.firedrill.spi.UndoRecord;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Somebody else's Toxiproxy, on which proxies are made and deleted again. Safe for concurrent use. */
final class SharedToxiproxy {

    private static final String DELETE_PROXY = "delete-proxy";

    private final InetSocketAddress address;
    private final Journal journal;
    private final String run;
    private final TimeSource time;
    private final Map<Hop, Long> entries = new HashMap<>(); // guarded by this, as is the next
    private @Nullable Api checked;

    SharedToxiproxy(InetSocketAddress address, Journal journal, String run, TimeSource time) {
        this.address = address;
        this.journal = journal;
        this.run = run;
        this.time = time;
    }

    /** A proxy for a link. How to delete it is on disk before it is made. */
    synchronized Hop lend(Link link, Supplier<InetSocketAddress> upstream) {
        Api api = api();
        String host = address.getHostString();
        String listen = host.equals("localhost") || host.startsWith("127.") ? Loopback.NUMBER + ":0" : "0.0.0.0:0";
        String name = unused("firedrill-" + run + "-" + Hop.plain(link.name()));
        Hop hop = new Hop(
                api,
                name,
                listen,
                () -> text(upstream.get()),
                port -> host.equals("localhost") ? Loopback.at(port) : InetSocketAddress.createUnresolved(host, port));
        entries.put(
                hop,
                journal.write(new UndoRecord(
                        ToxiproxyEngine.NAME,
                        DELETE_PROXY,
                        "the proxy " + name,
                        Map.of("host", host, "port", String.valueOf(address.getPort()), "proxy", name))));
        return hop;
    }

    private synchronized Api api() {
        Api api = checked;
        if (api == null) {
            Api.load();
            api = new Api(address, time);
            api.check();
            checked = api;
        }
        return api;
    }

    /** Scopes of one Chaos may name their services alike. */
    private synchronized String unused(String name) {
        String found = name;
        Set<String> lent = entries.keySet().stream().map(Hop::name).collect(Collectors.toSet());
        for (int number = 2; lent.contains(found); number++) {
            found = name + "-" + number;
        }
        return found;
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    void giveBack(Hop hop) {
        hop.delete();
        Long entry;
        synchronized (this) {
            entry = entries.remove(hop);
        }
        if (entry != null) {
            journal.done(entry);
        }
    }

    /** Deletes a proxy that an earlier JVM had made; says what was done, and nothing if there was nothing to do. */
    static String undo(UndoRecord record) {
        if (!record.action().equals(DELETE_PROXY)) {
            throw new IllegalArgumentException(
                    "unknown action " + record.action() + " in a journal; it was written by a newer version");
        }
        String name = record.data().getOrDefault("proxy", "");
        Api api = new Api(
                InetSocketAddress.createUnresolved(
                        record.data().getOrDefault("host", ""),
                        Integer.parseInt(record.data().getOrDefault("port", "0"))),
                SystemTime.CLOCK);
        try {
            return api.call("delete the proxy " + name, client -> {
                var left = client.getProxyOrNull(name);
                if (left == null) {
                    return "";
                }
                left.delete();
                return "deleted " + record.what() + " of the Toxiproxy at " + api.name();
            });
        } catch (ChaosException e) {
            if (e.getCause() instanceof ConnectException) {
                return ""; // its proxies went with it
            }
            throw e;
        }
    }
}
