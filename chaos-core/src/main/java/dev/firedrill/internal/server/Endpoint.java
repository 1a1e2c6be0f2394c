package dev.firedrill.internal.server;

import dev.firedrill.internal.Loopback;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Addresses as text, the way Go reads and writes them: {@code host:port}, {@code :port}, {@code [::1]:port}. */
final class Endpoint {

    private static final int MAX_PORT = 65_535;

    private Endpoint() {}

    /**
     * Where something leads to; its name is looked up by whoever connects.
     *
     * @throws IllegalArgumentException if it is no address
     */
    static InetSocketAddress upstream(String text) {
        String host = host(text);
        return InetSocketAddress.createUnresolved(host.isEmpty() ? "localhost" : host, port(text));
    }

    /**
     * Where something is to listen. Without a host that is every interface, as the sender asked for; without anything it is a
     * free port of the loopback interface alone.
     *
     * @throws IllegalArgumentException if it is no address, or the name has none
     */
    static InetSocketAddress listen(String text) {
        if (text.isEmpty()) {
            return Loopback.at(0);
        }
        String host = host(text);
        int port = port(text);
        if (host.isEmpty()) {
            return new InetSocketAddress(port);
        }
        if (host.equalsIgnoreCase("localhost")) {
            return Loopback.at(port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("lookup " + host + ": no such host", e);
        }
    }

    static String text(InetSocketAddress address) {
        InetAddress ip = address.getAddress();
        if (ip.isAnyLocalAddress()) {
            return "[::]:" + address.getPort();
        }
        String full = ip.getHostAddress();
        int zone = full.indexOf('%');
        // ::1 and not 0:0:0:0:0:0:0:1, but with the interface that an address of one link is nothing without
        String host = NetUtil.toAddressString(ip) + (zone < 0 ? "" : full.substring(zone));
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static int colon(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("address " + text + ": missing port in address");
        }
        return colon;
    }

    private static String host(String text) {
        String host = text.substring(0, colon(text));
        if (host.startsWith("[") && host.endsWith("]")) {
            return host.substring(1, host.length() - 1);
        }
        if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("address " + text + ": too many colons in address");
        }
        return host;
    }

    private static int port(String text) { // the words are Go's
        String port = text.substring(colon(text) + 1);
        try {
            int number = Integer.parseInt(port);
            if (number >= 0 && number <= MAX_PORT) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException("address " + port + ": invalid port");
    }
}
