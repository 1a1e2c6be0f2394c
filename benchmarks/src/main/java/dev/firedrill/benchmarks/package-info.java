/**
 * JMH benchmarks, run by {@code scripts/bench}.
 *
 * <p>Each measures what is ours beside a baseline in the same run; {@link dev.firedrill.benchmarks.Main} prints the ratios.
 */
@NullMarked
package dev.firedrill.benchmarks;

import org.jspecify.annotations.NullMarked;
