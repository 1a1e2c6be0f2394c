/**
 * Real servers that come as Maven artifacts, ready to be a service's process.
 */
@NullMarked
package dev.firedrill.embedded;

import org.jspecify.annotations.NullMarked;
