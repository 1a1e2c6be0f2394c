/** Firedrill's annotations for JUnit Jupiter. */
@NullMarked
package dev.firedrill.junit5;

import org.jspecify.annotations.NullMarked;
