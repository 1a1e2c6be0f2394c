package dev.firedrill.internal.proxy;

import dev.firedrill.Link;
import dev.firedrill.spi.Effects;

/** What a front has to know of what it is the listening end of. Safe for concurrent use. */
interface Line {

    String name();

    /** Says whether a probe looks at the system at this moment. */
    boolean isLookedAt();

    void touched(Effects effects, boolean ofTest);

    /** The node takes a connection. Called on the io thread, as is the next. */
    default void reached() {}

    /** A caller is turned away, for the node takes no connection. */
    default void unreachable(String upstream, String why) {}

    /** A link of the test, of the probes, of another caller. */
    static Line of(Link link) {
        String name = link.name();
        return new Line() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean isLookedAt() {
                return link.isLookedAt();
            }

            @Override
            public void touched(Effects effects, boolean ofTest) {
                effects.touched(link, ofTest);
            }
        };
    }

    /** A proxy that belongs to no experiment: nobody asks what a fault has touched. */
    static Line named(String name) {
        return new ProxyLine(name);
    }
}
