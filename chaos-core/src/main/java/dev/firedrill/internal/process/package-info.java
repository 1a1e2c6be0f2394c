/**
 * Local processes as nodes.
 */
@NullMarked
package dev.firedrill.internal.process;

import org.jspecify.annotations.NullMarked;
