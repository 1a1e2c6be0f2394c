package dev.firedrill.spi;

/**
 * A fault that is ready to be made: nothing has been touched yet.
 *
 * @since 0.1
 */
public interface Prepared {

    /**
     * How to undo the fault that {@link #activate} will make. Core forces it to disk first.
     *
     * @return the record; {@link UndoRecord#DIES_WITH_JVM} if nothing outlives this JVM
     */
    UndoRecord undo();

    /**
     * Makes the fault. If it throws, it has undone its own work.
     *
     * @return the fault in force
     * @throws RuntimeException if the fault could not be made
     */
    ActiveFault activate();
}
