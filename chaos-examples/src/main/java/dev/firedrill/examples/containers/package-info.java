/**
 * The order service with its servers in containers: Redis, PostgreSQL and RabbitMQ, and at last the service itself. Each
 * part has a fragile twin that the tests catch.
 */
@NullMarked
package dev.firedrill.examples.containers;

import org.jspecify.annotations.NullMarked;
