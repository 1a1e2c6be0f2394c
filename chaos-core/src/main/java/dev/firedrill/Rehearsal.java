package dev.firedrill;

import org.jspecify.annotations.Nullable;

/**
 * One run of an experiment whose body belongs to the caller: begun by {@link Experiment#begin}, over with {@link #finish}.
 *
 * @since 0.1
 */
public final class Rehearsal {

    static Rehearsal begin(Experiment experiment) {
        throw new UnsupportedOperationException("in the making: " + experiment);
    }

    /**
     * Says whether the body is to run.
     *
     * @return false if the system was not steady or a fault could not be made
     */
    public boolean isOpen() {
        throw new UnsupportedOperationException("in the making");
    }

    /**
     * The body's view.
     *
     * @return the drill
     */
    public Drill drill() {
        throw new UnsupportedOperationException("in the making");
    }

    /**
     * Ends the body: runs the schedule to its end, heals, judges, writes the report. The second and later calls return the same report.
     *
     * @param failure what the body threw; null if it passed
     * @return the report
     */
    public Report finish(@Nullable Throwable failure) {
        throw new UnsupportedOperationException("in the making: " + failure);
    }
}
