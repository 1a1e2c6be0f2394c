/**
 * What the test did and what must be true of it in the end: operations and invariants.
 */
@NullMarked
package dev.firedrill.history;

import org.jspecify.annotations.NullMarked;
