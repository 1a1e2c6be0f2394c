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

    /**
     * Says whether it uses no link but the probes' own. Of any other probe that looks beside the body, nothing that happens
     * meanwhile on the test's links can be told from the test itself.
     *
     * @return false unless made by {@link #overOwnLink} or {@link Probes}
     */
    default boolean hasOwnLink() {
        return false;
    }

    /**
     * A probe that is known to use only addresses for probes, such as {@code Service.fillForProbe} gives.
     *
     * @param probe the probe
     * @return the same with {@link #hasOwnLink}
     */
    static Probe overOwnLink(Probe probe) {
        return new Probe() {
            @Override
            public boolean look() throws Exception {
                return probe.look();
            }

            @Override
            public boolean hasOwnLink() {
                return true;
            }
        };
    }

    /**
     * An observation that tells by throwing.
     *
     * @since 0.1
     */
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
