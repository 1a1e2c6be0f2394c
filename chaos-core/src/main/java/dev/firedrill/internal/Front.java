package dev.firedrill.internal;

import dev.firedrill.Link;
import dev.firedrill.spi.Effects;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;

/**
 * The listening end of a link. Safe for concurrent use; no method waits for the data path.
 */
public interface Front extends AutoCloseable {

    /**
     * Where callers connect.
     *
     * @return the address, the same for the life of the front
     */
    InetSocketAddress address();

    /**
     * What callers are to see of the node behind.
     *
     * @param sight the new sight
     * @param effects where to count callers that meet it; ignored for {@link Sight#UP}
     */
    void show(Sight sight, Effects effects);

    /**
     * Begins to look whether anything passes that can't be counted here.
     *
     * @return ends the look, and says whether something has; to be asked once
     */
    default BooleanSupplier watch() {
        return () -> false;
    }

    /**
     * What has passed.
     *
     * @return connections and bytes so far
     */
    Link.Traffic traffic();

    /**
     * How many callers were turned away because there is no room for more.
     *
     * @return the number so far; none of them is in the {@link #traffic}
     */
    default long turnedAway() {
        return 0;
    }

    /**
     * An experiment begins: connections and the bytes on them are counted anew as sites of chance, so that the choices of one
     * experiment don't depend on what was there before. The open connections come first, in the order of their acceptance.
     */
    void countAnew();

    /**
     * Returns when every connection that had been made before the call has been accepted, and every byte that had arrived on
     * an open one has been read. A probe that does not wait for an answer may be gone before the front sees that it was there.
     */
    void settle();

    /** Stops listening and closes every connection. When it returns, the port takes no caller any more. */
    @Override
    void close();

    /**
     * How a node looks from the front.
     */
    enum Sight {
        /** Traffic passes. A failed connect to the node turns the caller away by RST. */
        UP,
        /**
         * The node is gone. An open connection whose caller waits for a reply is reset at once and counted. One that is idle is
         * ended in good order, as the kernel does for a dead process; it is counted and reset when its caller speaks again,
         * even if the node is back by then. New connections are accepted, reset and counted.
         */
        RESET,
        /**
         * Open connections and new ones are kept, what they send is swallowed and counted, and so is a reply that is awaited.
         * Leaving this sight resets all of them.
         */
        SILENT,
        /**
         * Traffic passes to a node that does not answer; messages towards it, replies that are awaited and new connections are
         * counted.
         */
        FROZEN,
        /**
         * The node is being started or stopped: new connections are passed on if it accepts them, and accepted and reset
         * (and counted) if not. Open connections go on; one that the node closes is counted if its caller waited for a reply or
         * spoke since the change began, or when it speaks again.
         */
        CHANGING
    }
}
