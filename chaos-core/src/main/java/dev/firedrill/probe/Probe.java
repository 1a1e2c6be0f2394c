package dev.firedrill.probe;

/**
 * One observation of health.
 *
 * <p>It runs on a thread of Firedrill's, never beside another observation of the same probe, and is interrupted when its
 * time-out is over.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Probe {

    /**
     * Looks once.
     *
     * @return false if the system is not well
     * @throws Exception if the system is not well; the message says what was seen
     */
    boolean look() throws Exception;

    /** An observation that tells by throwing. */
    @FunctionalInterface
    interface Check {

        /**
         * Looks once.
         *
         * @throws Exception if the system is not well
         */
        void run() throws Exception;
    }

    /**
     * A probe that is good unless the check throws.
     *
     * @param check the check
     * @return the probe
     */
    static Probe of(Check check) {
        return () -> {
            check.run();
            return true;
        };
    }
}
