package dev.firedrill;

import java.util.List;

/**
 * A name and its nodes. Safe for concurrent use.
 *
 * @since 0.1
 */
public final class Service {

    private final String name;
    private final List<Integer> ports;
    private List<Node> nodes = List.of();

    Service(String name, List<Integer> ports) {
        this.name = name;
        this.ports = List.copyOf(ports);
    }

    /**
     * Its name.
     *
     * @return as declared
     */
    public String name() {
        return name;
    }

    /**
     * The ports it is known under.
     *
     * @return in order of declaration
     */
    public List<Integer> ports() {
        return ports;
    }

    /**
     * Its nodes.
     *
     * @return by index
     */
    public List<Node> nodes() {
        return nodes;
    }
}
