package dev.firedrill.fault;

/**
 * Ends a node in an orderly way, as a deployment does.
 *
 * <p>Effect: the node's stop signal (SIGTERM unless its spec says otherwise), and SIGKILL if it has not ended within the spec's
 * patience, which the report says. Callers see their connections closed and new ones turned away. Healing starts the node
 * again on the same data. Engines: node engine, on processes and
 * containers.
 *
 * @since 0.1
 */
public record Stop() implements Fault {

    @Override
    public String kind() {
        return "stop";
    }

    @Override
    public Place place() {
        return Place.NODE;
    }
}
