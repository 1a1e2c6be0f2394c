package dev.firedrill.fault;

/**
 * Freezes a node, as a long garbage collection or a stalled disk does.
 *
 * <p>Effect: SIGSTOP to the node's process and its descendants, or the container's cgroup is frozen. Connections stay open and new ones are accepted by the kernel,
 * but nothing answers. A typical client sees time-outs, and late answers after healing. Healing is SIGCONT, or lets the cgroup go on. Engines: node
 * engine, on processes and containers.
 *
 * @since 0.1
 */
public record Pause() implements Fault {

    @Override
    public String kind() {
        return "pause";
    }

    @Override
    public Place place() {
        return Place.NODE;
    }
}
