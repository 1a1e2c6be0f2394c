/**
 * A stand-in.
 */
@NullMarked
package org.springframework.boot.testcontainers.service.connection;

import org.jspecify.annotations.NullMarked;
