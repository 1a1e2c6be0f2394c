package dev.firedrill;

import dev.firedrill.history.Invariant;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the judge decides on.
 *
 * @param subject the services concerned, for people
 * @param healTroubles what could not be undone
 * @param injectTroubles what could not be made
 * @param notSteady why the system was not well before; null if it was
 * @param aborted why the run ended early; null if it did not
 * @param bodyFailure the body's failure; null if it passed or did not run
 * @param misused whether the body failed because it asked its drill for what can't be
 * @param actedBeforeFailure whether a fault acted before the body failed, though nothing shows that the body met it
 * @param effectBeforeFailure whether a fault took effect before the body failed
 * @param noEffects why steps prove nothing
 * @param recovery what was seen after healing; null if recovery was not judged
 * @param invariants what the invariants found
 * @param steadyDeclared whether there is a steady state
 */
record Evidence(
        String subject,
        List<String> healTroubles,
        List<String> injectTroubles,
        @Nullable String notSteady,
        @Nullable String aborted,
        @Nullable Throwable bodyFailure,
        boolean misused,
        boolean actedBeforeFailure,
        boolean effectBeforeFailure,
        List<String> noEffects,
        @Nullable Return recovery,
        List<Invariant.Result> invariants,
        boolean steadyDeclared) {

    /**
     * The way back.
     *
     * @param inTime whether the system was well again in time
     * @param text one sentence about it
     * @param took the time to recover; null if it did not
     */
    record Return(boolean inTime, String text, @Nullable Duration took) {}
}
