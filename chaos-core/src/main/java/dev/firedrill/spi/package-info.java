/**
 * What an engine author needs: {@link dev.firedrill.spi.Engine} and the small types around it.
 */
@NullMarked
package dev.firedrill.spi;

import org.jspecify.annotations.NullMarked;
