package dev.firedrill.internal.toxiproxy;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything passed a proxy that can't be watched, from what its Toxiproxy tells about itself: the bytes of the proxy's
 * connections, which it counts when they close, and all that its network has brought it, of which its API is a part. Not safe
 * for concurrent use.
 */
final class Meter {

    private static final Pattern NETWORK = line("process_network_receive_bytes_total");
    private static final int LEAST_PACKET = 60; // a connection attempt, or a byte with its headers

    private final Api api;
    private final Pattern proxy;
    private @Nullable Reading before;
    private double ownCost;

    /** Begins to measure. One who does not tell such things is never said to have carried nothing. */
    Meter(Hop hop) {
        this.api = hop.api();
        this.proxy = Pattern.compile(
                "^toxiproxy_proxy_received_bytes_total\\{[^}]*proxy=\"" + Pattern.quote(hop.name())
                        + "\"[^}]*} (\\S+)$",
                Pattern.MULTILINE);
        Reading first = read();
        Reading second = read();
        Reading third = read();
        if (first != null && second != null && third != null) {
            // what asking costs differs by how the answer was cut
            ownCost = Math.max(second.network - first.network, third.network - second.network);
            before = third;
        }
    }

    private record Reading(double proxy, double network, long calls) {}

    /** Says whether something may have passed since the start. */
    boolean hasMoved() {
        Reading then = before;
        Reading now = then == null ? null : read();
        if (then == null || now == null || now.proxy > then.proxy) {
            return true;
        }
        boolean othersAsked = now.calls - then.calls > 1;
        return othersAsked || now.network - then.network - ownCost >= LEAST_PACKET;
    }

    private @Nullable Reading read() {
        String text = api.metrics();
        Matcher network = NETWORK.matcher(text);
        if (!network.find()) {
            return null;
        }
        Matcher bytes = proxy.matcher(text);
        double sum = 0;
        while (bytes.find()) {
            sum += Double.parseDouble(bytes.group(1));
        }
        return new Reading(sum, Double.parseDouble(network.group(1)), api.calls());
    }

    private static Pattern line(String name) {
        return Pattern.compile(String.format(Locale.ROOT, "^%s (\\S+)$", name), Pattern.MULTILINE);
    }
}
