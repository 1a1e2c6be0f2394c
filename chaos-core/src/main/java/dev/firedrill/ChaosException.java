package dev.firedrill;

/**
 * Broken or missing infrastructure: a process that does not start, a port that is taken, a library that is not there. Never
 * a verdict on the system under test.
 *
 * @since 0.1
 */
public final class ChaosException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * A failure without a cause.
     *
     * @param message what was attempted, what happened, what to do
     */
    public ChaosException(String message) {
        super(message);
    }

    /**
     * A failure with a cause.
     *
     * @param message what was attempted, what happened, what to do
     * @param cause the cause
     */
    public ChaosException(String message, Throwable cause) {
        super(message, cause);
    }
}
