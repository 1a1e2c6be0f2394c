package dev.firedrill.spi;

/**
 * What passes is no message of the protocol that it was taken for.
 *
 * @since 0.1
 */
public final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * With what was expected.
     *
     * @param message what was found, and what was expected instead
     */
    public MalformedMessageException(String message) {
        super(message, null, false, false); // one for each connection that speaks something else
    }
}
