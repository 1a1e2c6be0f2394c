package dev.firedrill.history;

/**
 * Something that must be true of the history and the system at the end.
 *
 * @param name a sentence for the report, such as "no acknowledged order is lost"
 * @param check the check
 * @since 0.1
 */
public record Invariant(String name, Check check) {

    /**
     * The check of an invariant.
     *
     * @since 0.1
     */
    @FunctionalInterface
    public interface Check {

        /**
         * Looks at the history and the system.
         *
         * @param history what the test did
         * @return false if the invariant is broken
         * @throws AssertionError if the invariant is broken
         * @throws Exception if the system can't be read; the check is tried again for a while
         */
        boolean holds(History history) throws Exception;
    }

    /**
     * What a check found.
     *
     * @since 0.1
     */
    public enum State {
        /** It is true. */
        HOLDS,
        /** It is false: something was lost, duplicated or wrong. */
        BROKEN,
        /** The system could not be read. */
        UNREADABLE
    }

    /**
     * The result of a check.
     *
     * @param name the invariant's name
     * @param state what was found
     * @param detail the error's text, or "ok"
     * @since 0.1
     */
    public record Result(String name, State state, String detail) {}
}
