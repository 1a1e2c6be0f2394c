/** The quick start. */
@NullMarked
package dev.firedrill.examples.quickstart;

import org.jspecify.annotations.NullMarked;
