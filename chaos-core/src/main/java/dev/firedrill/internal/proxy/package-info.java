/**
 * The embedded proxy: the only package that knows Netty.
 */
@NullMarked
package dev.firedrill.internal.proxy;

import org.jspecify.annotations.NullMarked;
