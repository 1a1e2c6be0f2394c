/**
 * The embedded proxy as a server of its own, which any client of Toxiproxy can drive.
 *
 * <p>{@link dev.firedrill.server.FiredrillServer} in this JVM; {@code java -jar firedrill-server.jar} in one of its own.
 */
@NullMarked
package dev.firedrill.server;

import org.jspecify.annotations.NullMarked;
