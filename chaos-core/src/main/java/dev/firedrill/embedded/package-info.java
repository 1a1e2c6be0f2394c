/**
 * Real servers that come as Maven artifacts, ready to be a service's process.
 *
 * <p>The programs are unpacked at the first start on a machine, into {@code ~/.cache/firedrill} or the folder that the
 * system property {@code chaos.cache.dir} names, and stay there for later runs.
 */
@NullMarked
package dev.firedrill.embedded;

import org.jspecify.annotations.NullMarked;
