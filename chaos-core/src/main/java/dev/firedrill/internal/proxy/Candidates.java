package dev.firedrill.internal.proxy;

import static java.util.Objects.requireNonNull;

import dev.firedrill.spi.Draw;
import org.jspecify.annotations.Nullable;

/** The messages of one direction that a fault may hit, by number. Confined to the io thread. */
final class Candidates {

    private final Dialogue dialogue;
    private final Pipe pipe;
    private Draw.@Nullable Site site;
    private long base;
    private long count;

    Candidates(Dialogue dialogue, Pipe pipe) {
        this.dialogue = dialogue;
        this.pipe = pipe;
    }

    /** Counts one more, and says whether it is hit. */
    boolean isNextHit() {
        Draw draw = dialogue.fault().draw();
        if (site == null || base != pipe.base()) {
            base = pipe.base();
            count = 0;
            site = dialogue.connection().site(draw, pipe.direction());
        }
        return draw.hits(site, count++);
    }

    Draw.Site site() {
        return requireNonNull(site, "site");
    }

    /** The number of the last one. */
    long last() {
        return count - 1;
    }

    /** Goes on where another one has stopped, if both are drawn alike. */
    void goOn(Candidates other) {
        if (dialogue.fault().draw() == other.dialogue.fault().draw()) {
            site = other.site;
            base = other.base;
            count = other.count;
        }
    }
}
