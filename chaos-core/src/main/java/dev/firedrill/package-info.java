/** The entrance to Firedrill. */
@NullMarked
package dev.firedrill;

import org.jspecify.annotations.NullMarked;
