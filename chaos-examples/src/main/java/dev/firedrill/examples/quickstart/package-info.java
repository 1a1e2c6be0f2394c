/**
 * The quick start: a small order service on Redis and PostgreSQL, and a fragile one beside it.
 */
@NullMarked
package dev.firedrill.examples.quickstart;

import org.jspecify.annotations.NullMarked;
