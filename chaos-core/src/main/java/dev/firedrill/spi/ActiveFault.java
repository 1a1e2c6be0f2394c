package dev.firedrill.spi;

/**
 * A fault that is in force.
 *
 * @since 0.1
 */
public interface ActiveFault extends AutoCloseable {

    /**
     * Undoes the fault. The second and later calls do nothing. Safe for concurrent use.
     *
     * @throws RuntimeException if the fault could not be undone
     */
    void heal();

    /** The same as {@link #heal}. */
    @Override
    default void close() {
        heal();
    }
}
