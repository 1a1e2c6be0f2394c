/**
 * Containers through Testcontainers and the Docker API that it carries.
 */
@NullMarked
package dev.firedrill.internal.container;

import org.jspecify.annotations.NullMarked;
