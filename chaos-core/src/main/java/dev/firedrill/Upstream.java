package dev.firedrill;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Somebody else's server: Firedrill can put faults on the links to it, never on the server itself.
 *
 * @param host its host name or address
 * @param ports its ports, at least one
 * @since 0.1
 */
public record Upstream(String host, List<Integer> ports) {

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the host is blank, or a port is missing, given twice or outside 1..65535
     */
    public Upstream {
        if (host.isBlank()) {
            throw new IllegalArgumentException(
                    "upstream: the host is blank; write for example Upstream.at(\"127.0.0.1\", 6379)");
        }
        ports = List.copyOf(ports);
        if (ports.isEmpty()) {
            throw new IllegalArgumentException("upstream " + host + ": no port; give at least one of 1..65535");
        }
        for (int port : ports) {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("upstream " + host + ": port " + port
                        + " is outside 1..65535; give the port the server listens on");
            }
        }
        if (ports.stream().distinct().count() < ports.size()) {
            throw new IllegalArgumentException("upstream " + host + ": a port is given twice in " + ports);
        }
    }

    /**
     * A server that runs already.
     *
     * @param host its host name or address
     * @param port its port
     * @param more further ports
     * @return the upstream
     * @throws IllegalArgumentException if the host is blank or a port is given twice or outside 1..65535
     */
    public static Upstream at(String host, int port, int... more) {
        List<Integer> ports = new ArrayList<>();
        ports.add(port);
        for (int each : more) {
            ports.add(each);
        }
        return new Upstream(host, ports);
    }

    InetSocketAddress address(int port) {
        // resolved at each connect, so that a changed name record is followed
        return InetSocketAddress.createUnresolved(host, port);
    }
}
