package dev.firedrill;

/**
 * What the test does while faults are in force.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Body {

    /**
     * Does it.
     *
     * @param drill the view of the running experiment
     * @throws Throwable if the test fails; {@code TestAbortedException} if an assumption does not hold
     */
    void run(Drill drill) throws Throwable;
}
