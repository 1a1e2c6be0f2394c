package dev.firedrill;

import static java.util.Objects.requireNonNull;

import dev.firedrill.spi.Front;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * The path from one caller to one port of a node, with a stable address of its own on the loopback interface.
 *
 * <p>The address stays the same through kill, restart and new ports of the node. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class Link {

    /** The caller that is the test itself. */
    public static final String TEST = "test";

    /** The caller that ready-made probes are; what it does is never counted as load. */
    public static final String PROBE = "probe";

    private final String caller;
    private final Node node;
    private final int port;
    private volatile @Nullable Front front;

    Link(String caller, Node node, int port) {
        this.caller = caller;
        this.node = node;
        this.port = port;
    }

    void opened(Front opened) {
        front = opened;
    }

    Front front() {
        return requireNonNull(front, "front");
    }

    /**
     * Who calls over it.
     *
     * @return {@value #TEST}, {@value #PROBE}, or the name of a service
     */
    public String caller() {
        return caller;
    }

    /**
     * Says whether it is a probe's.
     *
     * @return true if nothing on it counts as load
     */
    public boolean isProbe() {
        return caller.equals(PROBE);
    }

    /**
     * The node at its end.
     *
     * @return the node
     */
    public Node node() {
        return node;
    }

    /**
     * The service's port at its end.
     *
     * @return the port that the service is known under, not the real one
     */
    public int port() {
        return port;
    }

    /**
     * Where the caller connects.
     *
     * @return the address, the same for the life of the link
     */
    public InetSocketAddress address() {
        return front().address();
    }

    /**
     * What has passed.
     *
     * @return connections and bytes so far
     */
    public Front.Traffic traffic() {
        return front().traffic();
    }

    /**
     * The name in reports.
     *
     * @return such as {@code test->redis:6379}
     */
    public String name() {
        return caller + "->" + node.name() + (port == 0 ? "" : ":" + port);
    }

    @Override
    public String toString() {
        return name();
    }
}
