package dev.firedrill.spi;

import dev.firedrill.Link;
import dev.firedrill.Node;

/**
 * Where an engine counts what a step's fault really touched. Safe for concurrent use; cheap enough for the hot path.
 *
 * @since 0.1
 */
public interface Effects {

    /**
     * The fault touched a message or a connection of a link.
     *
     * @param link the link
     * @param ofTest whether the connection is the test's beyond doubt: it was opened, or its caller spoke on it, while no
     *     probe {@linkplain Link#isLookedAt looked}
     */
    void touched(Link link, boolean ofTest);

    /**
     * The fault took hold of a node: it is dead, stopped or frozen, as the engine has seen.
     *
     * @param node the node
     */
    void touched(Node node);

    /**
     * A foreign engine confirms that the fault is in force on a link. What it then does to the traffic of a link {@linkplain
     * Link#isBetweenContainers between containers} can't be watched, see {@link #passed}; that of others is counted by {@link
     * #touched(Link, boolean)} as well.
     *
     * @param link the link
     */
    default void acknowledged(Link link) {}

    /**
     * Something passed a link between containers while a foreign engine's fault was in force on it; what and when is not
     * known. Called when the fault is healed.
     *
     * @param link the link
     */
    default void passed(Link link) {}

    /**
     * A fault of messages could not read what passed, which therefore was not hit.
     *
     * @param link the link
     * @param what one sentence for the report
     */
    default void unread(Link link, String what) {}

    /** Counts nothing. */
    Effects NONE = new Effects() {
        @Override
        public void touched(Link link, boolean ofTest) {}

        @Override
        public void touched(Node node) {}
    };
}
