package dev.firedrill.report;

/**
 * Something that is true of an experiment besides its verdict.
 *
 * @param kind what kind of truth
 * @param text one sentence
 * @since 0.1
 */
public record Finding(Kind kind, String text) {

    /**
     * The kinds of finding.
     *
     * @since 0.1
     */
    public enum Kind {
        /** A fault could not be undone, or something was left behind. */
        HEAL_FAILED,
        /** The system was not healthy before the fault. */
        NOT_STEADY,
        /** A fault could not be made. */
        INJECT_FAILED,
        /** The body failed before any fault took effect, or asked its drill for what can't be. */
        TEST_FAILED,
        /** A step's fault touched nothing, or nothing of the test overlapped it. */
        NO_EFFECT,
        /** An invariant is false. */
        INVARIANT_BROKEN,
        /** An invariant could not be checked. */
        INVARIANT_UNREADABLE,
        /** The steady state did not come back in time. */
        NOT_RECOVERED,
        /** The body failed under the fault. */
        BODY_FAILED,
        /** An assumption failed or the run was interrupted. */
        ABORTED,
        /** The steady state came back in time. */
        RECOVERED,
        /** No steady state was declared; the body passed under the faults. */
        SURVIVED,
        /** Something the reader should know. */
        NOTE,
        /** Something that the seed does not repeat. */
        NOT_REPLAYABLE
    }
}
