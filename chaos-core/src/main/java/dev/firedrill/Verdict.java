package dev.firedrill;

/**
 * What an experiment came to, in one word. The order of the constants is the precedence: a later one wins.
 *
 * <p>With one exception: where the body failed under one fault, it may not have come as far as the others, so that {@link
 * #NO_EFFECT} of those is a finding but not the verdict.
 *
 * @since 0.1
 */
public enum Verdict {
    /** Steady before, the fault took effect, steady again in time, invariants hold. */
    RECOVERED(Actor.NOBODY),
    /** The same, where no steady state was declared: the body passed under the fault. */
    SURVIVED(Actor.NOBODY),
    /** The body failed under the fault. */
    BODY_FAILED(Actor.SYSTEM),
    /** The steady state did not come back in time, or an invariant could not be read. */
    NOT_RECOVERED(Actor.SYSTEM),
    /** Something was lost, duplicated or wrong. */
    INVARIANT_BROKEN(Actor.SYSTEM),
    /** A declared fault touched nothing, or nothing of the test overlapped it. */
    NO_EFFECT(Actor.TEST),
    /** The body failed before any fault took effect, or asked its drill for what can't be. */
    TEST_FAILED(Actor.TEST),
    /** The fault could not be made. */
    INJECT_FAILED(Actor.ENVIRONMENT),
    /** The system was not healthy before the fault. */
    NOT_STEADY(Actor.ENVIRONMENT),
    /** An assumption failed or the run was interrupted; healed. */
    ABORTED(Actor.NOBODY),
    /** A fault could not be undone. */
    HEAL_FAILED(Actor.FIREDRILL);

    private final Actor actor;

    Verdict(Actor actor) {
        this.actor = actor;
    }

    /**
     * Who must act.
     *
     * @return the one to blame
     */
    public Actor actor() {
        return actor;
    }

    /**
     * Says whether a test with this verdict passes.
     *
     * @return true for {@link #RECOVERED} and {@link #SURVIVED}
     */
    public boolean isGood() {
        return this == RECOVERED || this == SURVIVED;
    }

    /**
     * Who must act on a verdict.
     *
     * @since 0.1
     */
    public enum Actor {
        /** Nobody. */
        NOBODY,
        /** The authors of the system under test. */
        SYSTEM,
        /** The author of the test. */
        TEST,
        /** Who runs the machine. */
        ENVIRONMENT,
        /** Firedrill. */
        FIREDRILL
    }
}
