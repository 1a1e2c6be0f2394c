package dev.firedrill.internal.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells the requests of tools from those that a web page makes a browser send, be it under a name of its own that leads here
 * (DNS rebinding).
 */
final class Guard {

    private final String host;
    private final boolean local;

    /** {@code local}: it listens on the loopback interface, where only names of this machine lead. */
    Guard(String host, boolean local) {
        this.host = host;
        this.local = local;
    }

    /** Why a request is refused; null if it is not. */
    @Nullable
    Reply refuse(HttpHeaders headers, RequestTarget target) {
        if (headers.get(HttpHeaderNames.USER_AGENT, "").startsWith("Mozilla/")) {
            return Reply.text(403, "User agent not allowed\n");
        }
        if (headers.contains(HttpHeaderNames.ORIGIN) || headers.contains("sec-fetch-site")) {
            return Reply.text(403, "Requests of web pages are not allowed\n");
        }
        for (String named : List.of(headers.get(HttpHeaderNames.HOST, ""), target.host())) {
            if (local && !named.isEmpty() && !isOfThisMachine(name(named))) {
                return Reply.text(
                        403,
                        "Host " + named + " is not allowed: this server listens on " + host
                                + " alone; ask for it by that name, by localhost or by number, or start it with another -host\n");
            }
        }
        return null;
    }

    private static String name(String named) {
        int end = named.startsWith("[") ? named.indexOf(']') + 1 : named.lastIndexOf(':');
        String name = (end <= 0 ? named : named.substring(0, end)).toLowerCase(Locale.ROOT);
        return name.endsWith(".")
                ? name.substring(0, name.length() - 1)
                : name; // the root of all names, which is often left out
    }

    private boolean isOfThisMachine(String name) {
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equalsIgnoreCase(host)
                || name.startsWith("[")
                || name.matches("[0-9.]+");
    }
}
