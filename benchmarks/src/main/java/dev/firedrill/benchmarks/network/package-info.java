/**
 * The embedded engine beside other TCP proxies, run by {@code scripts/bench network}.
 *
 * <p>Each proxy is a process of its own; caller and server are in this one. {@link
 * dev.firedrill.benchmarks.network.NetworkMain} prints the ratios.
 */
@NullMarked
package dev.firedrill.benchmarks.network;

import org.jspecify.annotations.NullMarked;
