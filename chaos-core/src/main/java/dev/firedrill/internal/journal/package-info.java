/**
 * How to undo, on disk before a fault is made.
 */
@NullMarked
package dev.firedrill.internal.journal;

import org.jspecify.annotations.NullMarked;
