/**
 * The entrance: {@link dev.firedrill.Chaos} holds services and runs experiments, {@link dev.firedrill.Experiment} is the
 * plan, {@link dev.firedrill.Drill} the body's view of its run, {@link dev.firedrill.Report} what came out.
 *
 * <pre>
 *   Chaos ── Service ── Node ── Incarnation
 *     |          \── Link
 *     └─ Experiment (Steps: Fault + Target + Schedule) ── Rehearsal ── Report ── Verdict
 * </pre>
 */
@NullMarked
package dev.firedrill;

import org.jspecify.annotations.NullMarked;
