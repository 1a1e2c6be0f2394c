package dev.firedrill.probe;

import dev.firedrill.Link;
import dev.firedrill.Node;
import dev.firedrill.Service;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Pattern;

/**
 * Ready-made probes of a service's first node.
 *
 * <p>Each has a link of its own ({@link Link#PROBE}): it feels the faults on the service, and what it does never counts as
 * load of the test, even beside the body. Each look opens a connection and closes it, so that no thread and no connection
 * is left behind. The probes are safe for concurrent use.
 *
 * @since 0.1
 */
public final class Probes {

    /** How long a TCP or HTTP look waits for a connection, and then for each answer. */
    private static final int PATIENCE_MILLIS = 1_000;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.\\d \\d{3}");
    private static final int STATUS_LENGTH = "HTTP/1.1 200".length();

    private Probes() {}

    /**
     * Well if the service's only port serves connections.
     *
     * @param service the service
     * @return the probe, see {@link #tcp(Service, int)}
     * @throws IllegalArgumentException if the service has no port, or several
     */
    public static Probe tcp(Service service) {
        return tcp(first(service).link(Link.PROBE));
    }

    /**
     * Well if a port serves connections: a new one is accepted, and the server says something or ends it in good order once
     * the probe has ended its side. To connect alone would prove nothing: the kernel accepts for a frozen process too.
     * Waits a second for the connection and a second for the answer.
     *
     * @param service the service
     * @param port the port that the service is known under
     * @return the probe
     * @throws IllegalArgumentException if the service has no such port
     */
    public static Probe tcp(Service service, int port) {
        return tcp(first(service).link(Link.PROBE, port));
    }

    private static Probe tcp(Link link) {
        return Probe.overOwnLink(() -> {
            try (SocketChannel channel = connect(link)) {
                channel.shutdownOutput();
                channel.socket().getInputStream().read();
                return true;
            } catch (SocketTimeoutException e) {
                throw new IOException("connected, but the server neither spoke nor ended the connection within 1s", e);
            } catch (SocketException e) {
                throw new IOException("the connection was turned away: " + e.getMessage(), e);
            }
        });
    }

    /** A channel and no plain socket, for that one does not heed an interruption. */
    private static SocketChannel connect(Link link) throws IOException {
        InetSocketAddress address = link.address();
        SocketChannel channel = SocketChannel.open();
        try {
            channel.socket().connect(address, PATIENCE_MILLIS);
            channel.socket().setSoTimeout(PATIENCE_MILLIS);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Well if a GET on the service's only port is answered by any status from 200 to 299.
     *
     * @param service the service
     * @param path such as {@code /health}, with a query if need be
     * @return the probe, see {@link #http(Service, int, String)}
     * @throws IllegalArgumentException if the service has no port, or several, or the path does not begin with a slash
     */
    public static Probe http(Service service, String path) {
        return http(first(service).link(Link.PROBE), path);
    }

    /**
     * Well if a GET is answered by any status from 200 to 299; any other is in what was seen, such as {@code GET /health
     * returned 503}. Redirects are not followed. Waits a second for the connection and a second for the answer.
     *
     * @param service the service
     * @param port the port that the service is known under
     * @param path such as {@code /health}, with a query if need be
     * @return the probe
     * @throws IllegalArgumentException if the service has no such port, or the path does not begin with a slash or is no path
     */
    public static Probe http(Service service, int port, String path) {
        return http(first(service).link(Link.PROBE, port), path);
    }

    private static Probe http(Link link, String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("http probe of " + link.node().name() + ": path \"" + path
                    + "\" does not begin with a slash; write for example \"/health\"");
        }
        String root = "http://host";
        String target = URI.create(root + path).toASCIIString().substring(root.length());
        return Probe.overOwnLink(() -> {
            int status = get(link, target);
            if (status < 200 || status > 299) {
                throw new IOException("GET " + path + " returned " + status);
            }
            return true;
        });
    }

    /** By hand, for the JDK's clients keep threads, and the older one keeps even connections that were to be closed. */
    private static int get(Link link, String path) throws IOException {
        InetSocketAddress address = link.address();
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + address.getHostString() + ":" + address.getPort()
                + "\r\nAccept: */*\r\nConnection: close\r\n\r\n";
        try (SocketChannel channel = connect(link)) {
            channel.socket().getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = channel.socket().getInputStream();
            String line = new String(in.readNBytes(STATUS_LENGTH), StandardCharsets.ISO_8859_1);
            if (!STATUS.matcher(line).matches()) {
                throw new IOException("GET " + path + " returned "
                        + (line.isEmpty() ? "nothing" : "no HTTP/1.x but \"" + line.strip() + "\""));
            }
            return Integer.parseInt(line.substring(STATUS_LENGTH - 3));
        } catch (SocketTimeoutException e) {
            throw new IOException("GET " + path + " returned nothing within 1s", e);
        }
    }

    /**
     * Well if a query succeeds on a new connection and, if it returns rows at all, returns at least one.
     *
     * <p>Connections come from {@link DriverManager}. How long they may take is a matter of the driver: put its time-outs
     * into the template, such as {@code ?connectTimeout=1&socketTimeout=1} for PostgreSQL.
     *
     * @param service the service
     * @param template such as <code>jdbc:postgresql://{host}:{port}/shop?user=shop</code>; with several ports write
     *     <code>{port:5432}</code>
     * @param query such as {@code select 1}
     * @return the probe
     * @throws IllegalArgumentException if the template has no <code>{port}</code> or names an unknown one, or the query is
     *     blank
     */
    public static Probe jdbc(Service service, String template, String query) {
        first(service).checkTemplate(template);
        if (query.isBlank()) {
            throw new IllegalArgumentException(
                    "jdbc probe of " + service.name() + ": the query is blank; write for example \"select 1\"");
        }
        return Probe.overOwnLink(() -> {
            try (Connection connection = DriverManager.getConnection(service.fillForProbe(template));
                    Statement statement = connection.createStatement()) {
                if (statement.execute(query) && !hasRow(statement)) {
                    throw new SQLException("\"" + query + "\" returned no row");
                }
                return true;
            }
        });
    }

    private static boolean hasRow(Statement statement) throws SQLException {
        try (ResultSet rows = statement.getResultSet()) {
            return rows.next();
        }
    }

    private static Node first(Service service) {
        return service.nodes().get(0);
    }
}
