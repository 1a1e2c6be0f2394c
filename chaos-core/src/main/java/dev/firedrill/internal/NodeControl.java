package dev.firedrill.internal;

import dev.firedrill.spi.UndoRecord;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What can be done to a node that Firedrill started.
 *
 * <p>Called by one thread at a time, except {@link #retire}, {@link #isAlive}, {@link #isReady}, {@link #endpoint} and {@link
 * #output}, which are safe for concurrent use.
 */
public interface NodeControl extends AutoCloseable {

    /**
     * Starts a new incarnation on the data of the last one. Returns when the start returned, not when it is ready. How to
     * end it is in the journal before it exists. If it throws, nothing is left running.
     *
     * @return what identifies the incarnation, such as "process 4711"
     * @throws RuntimeException if it can't be started
     */
    String start();

    /** It is about to be closed: cuts a start short that goes on in another thread, if that may take long. */
    default void retire() {}

    /**
     * Says when the current incarnation ends, whoever ended it.
     *
     * @param action run once, on another thread; nothing is promised once this control is closed
     */
    void onEnd(Runnable action);

    /**
     * Says whether the current incarnation runs, frozen or not.
     *
     * @return false before the first start and after the end
     */
    boolean isAlive();

    /**
     * Looks afresh whether the current incarnation accepts work. Takes a second at most.
     *
     * @return true if it does
     */
    boolean isReady();

    /**
     * Where a port of the current incarnation is.
     *
     * @param port the service's port
     * @return its real address
     */
    InetSocketAddress endpoint(int port);

    /**
     * Ends the incarnation and all that it started without warning, and returns when they are gone. Of one that is dead
     * already, ends what it left behind.
     */
    void kill();

    /**
     * Asks the incarnation to end, kills it when its patience is over, and returns when it is gone.
     *
     * @return one line on how it ended, such as "exit code 0"
     */
    String stop();

    /**
     * How to undo a fault on the node in a later JVM, if it outlives this one.
     *
     * @return {@link UndoRecord#DIES_WITH_JVM} where the journal ends the node itself
     */
    default UndoRecord undoOfFault() {
        return UndoRecord.DIES_WITH_JVM;
    }

    /** Freezes the incarnation and its descendants; returns when they are frozen. */
    void pause();

    /** Lets a frozen incarnation go on. Does nothing to one that is dead or not frozen. */
    void resume();

    /**
     * How the last incarnation ended by itself.
     *
     * @return such as "exit code 1"; "is running" if it has not
     */
    String ending();

    /**
     * The last lines that the node wrote.
     *
     * @param lines how many at the most
     * @return the lines, oldest first, of all incarnations
     */
    List<String> output(int lines);

    /** Ends the incarnation in a hurry, in an orderly way if it heeds that, and removes what Firedrill made for it. */
    @Override
    void close();
}
