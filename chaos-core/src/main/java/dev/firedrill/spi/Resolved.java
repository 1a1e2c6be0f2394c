package dev.firedrill.spi;

import dev.firedrill.Link;
import dev.firedrill.Node;
import java.util.List;

/**
 * What a target selected.
 *
 * @param links the links, the probes' own among them
 * @param nodes the nodes
 * @since 0.1
 */
public record Resolved(List<Link> links, List<Node> nodes) {

    /** Copies the lists. */
    public Resolved {
        links = List.copyOf(links);
        nodes = List.copyOf(nodes);
    }
}
