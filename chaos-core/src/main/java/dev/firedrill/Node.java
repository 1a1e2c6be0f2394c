package dev.firedrill;

import java.util.List;

/**
 * A stable slot for a server whose incarnations come and go. Safe for concurrent use.
 *
 * <pre>
 *                    start            accepts connections
 *   DOWN ------------------> STARTING --------------------> READY
 *    ^                          |                          |  ^   \
 *    +--- ends, kill, stop -----+--------------------------+  |    pause
 *    ^                                                   resume    v
 *    +--------------------------- kill ----------------------- PAUSED
 * </pre>
 *
 * @since 0.1
 */
public final class Node {

    private final Service service;
    private final int index;

    Node(Service service, int index) {
        this.service = service;
        this.index = index;
    }

    /** What a node is doing. */
    public enum State {
        /** It is not running. */
        DOWN,
        /** It runs and does not accept connections yet. */
        STARTING,
        /** It runs; of a foreign server nothing more is known. */
        READY,
        /** It is frozen. */
        PAUSED
    }

    /**
     * The service it belongs to.
     *
     * @return the service
     */
    public Service service() {
        return service;
    }

    /**
     * Its number in the service.
     *
     * @return from 0
     */
    public int index() {
        return index;
    }

    /**
     * The name in reports and targets.
     *
     * @return the service's name, with the index if the service has several nodes, such as {@code pg[1]}
     */
    public String name() {
        return service.nodes().size() == 1 ? service.name() : service.name() + "[" + index + "]";
    }

    /**
     * Its lives so far.
     *
     * @return oldest first; empty for a foreign server
     */
    public List<Incarnation> incarnations() {
        return List.of();
    }
}
