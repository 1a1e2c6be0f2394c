/**
 * How the entrance is made: not for callers, may change in any release.
 */
@NullMarked
package dev.firedrill.internal;

import org.jspecify.annotations.NullMarked;
