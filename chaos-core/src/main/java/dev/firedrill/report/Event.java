package dev.firedrill.report;

import java.time.Duration;

/**
 * One thing that happened in an experiment.
 *
 * @param at the offset from the start of the experiment
 * @param kind what kind of thing
 * @param subject what it happened to: a step, a node, a probe; empty for the experiment itself
 * @param text one line for people
 * @since 0.1
 */
public record Event(Duration at, Kind kind, String subject, String text) {

    /**
     * The kinds of event.
     *
     * @since 0.1
     */
    public enum Kind {
        /** A phase of the experiment began. */
        PHASE,
        /** A fault was put in force. */
        INJECT,
        /** A fault touched something of the test for the first time. */
        EFFECT,
        /** A fault was undone. */
        HEAL,
        /** A node changed its state. */
        NODE,
        /** The body pulled a trigger. */
        TRIGGER,
        /** Something went wrong with the experiment itself. */
        TROUBLE
    }
}
