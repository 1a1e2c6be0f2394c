/**
 * Toxiproxy, driven by toxiproxy-java.
 */
@NullMarked
package dev.firedrill.internal.toxiproxy;

import org.jspecify.annotations.NullMarked;
