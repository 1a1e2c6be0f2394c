package dev.firedrill.fault;

/**
 * Freezes a node, as a long garbage collection or a stalled disk does.
 *
 * <p>Effect: SIGSTOP to the node's process and its descendants. Connections stay open and new ones are accepted by the kernel,
 * but nothing answers. A typical client sees time-outs, and late answers after healing. Healing is SIGCONT. Engines: node
 * engine, on what Firedrill started.
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
