package dev.firedrill;

import dev.firedrill.internal.Front;
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

    /** The caller that all those containers are which no target names and which call a service by its alias. */
    public static final String CONTAINERS = "containers";

    /** The caller that ready-made probes are; what it does is never counted as load. */
    public static final String PROBE = "probe";

    private final String caller;
    private final Node node;
    private final int port;
    private final boolean betweenContainers;
    private final @Nullable Service callers;
    private volatile int looks; // changed under this only, as are the next
    private long sentBeforeLook;
    private long sentInLooks;
    private volatile @Nullable Front front;

    /** {@code callers}: the service of containers that alone calls over it, of which other scopes may have one of that name. */
    Link(String caller, Node node, int port, boolean betweenContainers, @Nullable Service callers) {
        this.caller = caller;
        this.node = node;
        this.port = port;
        this.betweenContainers = betweenContainers;
        this.callers = callers;
    }

    @Nullable
    Service callers() {
        return callers;
    }

    void opened(Front opened) {
        front = opened;
    }

    Front front() {
        Front open = front;
        if (open == null) {
            throw new IllegalStateException("link " + name() + " is not open: service "
                    + node.service().name() + " has not been started; call its start() first");
        }
        return open;
    }

    void close() {
        Front open = front;
        if (open != null) {
            open.close();
        }
    }

    long turnedAway() {
        return front().turnedAway();
    }

    /** Whatever its callers have done by now has reached the front when this returns. */
    void settle() {
        Front open = front;
        if (open != null) {
            open.settle();
        }
    }

    /** Of a look that begins, or has ended: then all that it did has reached the front before it counts as over. */
    void looking(int change) {
        if (change < 0) {
            settle();
        }
        synchronized (this) {
            if (looks == 0) {
                sentBeforeLook = sent();
            }
            looks += change;
            if (looks == 0) {
                sentInLooks += sent() - sentBeforeLook;
            }
        }
    }

    /** How many bytes the caller has sent while no probe looked. */
    synchronized long sentBeyondLooks() {
        return (looks == 0 ? sent() : sentBeforeLook) - sentInLooks;
    }

    private long sent() {
        Front open = front;
        return open == null ? 0 : open.traffic().upstream();
    }

    /**
     * Who calls over it.
     *
     * @return {@value #TEST}, {@value #PROBE}, {@value #CONTAINERS}, or the name of a service
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
     * Says whether it leads from one container to another, both of them on the service's network: then callers connect to the
     * service's own alias and port there, and its traffic can't be watched.
     *
     * @return false for callers on this machine
     */
    public boolean isBetweenContainers() {
        return betweenContainers;
    }

    /**
     * Says whether a Toxiproxy is on its way.
     *
     * @return true if Toxiproxy can make faults on it
     */
    public boolean isThroughToxiproxy() {
        return betweenContainers || (caller.equals(TEST) && node.isDiverted());
    }

    /**
     * Says whether a probe looks at the system at this moment: what begins on the test's link now may be the probe's.
     *
     * @return true while a steady state is being sampled
     */
    public boolean isLookedAt() {
        return looks > 0;
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
     * @throws IllegalStateException if the service has not been started
     */
    public InetSocketAddress address() {
        return front().address();
    }

    /**
     * What has passed.
     *
     * @return connections and bytes so far
     */
    public Traffic traffic() {
        return front().traffic();
    }

    /**
     * The name in reports and of its choices. It holds no port that differs from one run to the next.
     *
     * @return such as {@code test->redis}; with several ports {@code test->rabbit:5672}
     */
    public String name() {
        return caller + "->" + node.name() + (node.service().ports().size() == 1 ? "" : ":" + port);
    }

    @Override
    public String toString() {
        return name();
    }

    /**
     * What has passed over a link.
     *
     * @param connections how many connections were accepted
     * @param upstream bytes received from callers
     * @param downstream bytes received from the service
     * @since 0.1
     */
    public record Traffic(long connections, long upstream, long downstream) {}
}
