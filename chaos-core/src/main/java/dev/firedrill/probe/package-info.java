/**
 * Steady state and recovery: what is observed, what counts as well, and when the system was well again. Ready-made probes
 * are made by {@link dev.firedrill.probe.Probes}.
 */
@NullMarked
package dev.firedrill.probe;

import org.jspecify.annotations.NullMarked;
