package dev.firedrill.internal.proxy;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One fault in one direction of one connection.
 *
 * <pre>
 *   source channel --> stage --> stage --> tail --> sink channel
 * </pre>
 *
 * Whatever a stage passes on keeps its order. Confined to the io thread.
 */
abstract class Stage {

    private @Nullable Stage next;

    /** How a direction of a connection ends. */
    enum End {
        /** In good order; the other direction goes on. */
        FIN,
        /** In good order, and the other direction with it. */
        CLOSE,
        /** By reset. */
        RST
    }

    final Stage next() {
        return requireNonNull(next, "next");
    }

    void leadsTo(Stage stage) {
        next = stage;
    }

    /** The fault has got hold of the connection. */
    void begin() {}

    /** It is to go on where another one of its kind has stopped, which then passes on to it what it still holds. */
    void inherit(Stage from) {}

    /**
     * Takes bytes.
     *
     * @param bytes not empty; owned by the stage from now on
     * @param message the offset in this direction of the first byte of the message that they belong to
     */
    abstract void bytes(ByteBuf bytes, long message);

    /** Takes the end of the stream; behind a FIN an RST may still come. */
    abstract void end(End end);

    /** The fault is healed: passes on what is held, in order. */
    void release() {}

    /** The connection is gone: lets go of what is held, and of timers. */
    void drop() {}

    /** Says whether it treats one message otherwise than the next. */
    boolean choosesMessages() {
        return false;
    }

    /** Says whether it keeps something back. */
    boolean isHolding() {
        return false;
    }

    /** Says whether the source should be read no more for now. */
    boolean isFull() {
        return false;
    }
}
