package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

/**
 * Ends a node without warning, as a power cut does.
 *
 * <p>Effect: SIGKILL to the node's process and all its descendants, or to the container; nothing is flushed. Its callers see what {@code looks}
 * says. Healing starts the node again on the same data; it is healed when the start returns, and ready when it accepts
 * connections. Engines: node engine, on processes and
 * containers. Semantics: {@code kill -9}.
 *
 * @param looks how the dead node looks to its callers; reset by default
 * @since 0.1
 */
public record Kill(Looks looks) implements Fault {

    /** Checks the argument. */
    public Kill {
        requireNonNull(looks, "looks");
    }

    /** A death that callers see as resets. */
    public Kill() {
        this(Looks.RESET);
    }

    @Override
    public String kind() {
        return "kill";
    }

    @Override
    public Place place() {
        return Place.NODE;
    }

    /**
     * How a node that is down looks to its callers.
     *
     * @since 0.1
     */
    public enum Looks {
        /**
         * The process died, its host lives: open connections are reset where a reply is awaited, and ended where none is (what
         * is sent on those is answered by a reset); new ones are turned away at once.
         */
        RESET,
        /** Open connections and new ones hang: the host is gone. They are reset when the node is back. */
        SILENCE
    }
}
