/**
 * Toxiproxy's HTTP API on the embedded proxy.
 *
 * <p>{@link dev.firedrill.internal.server.ApiServer} is the HTTP end, {@code Routes} what each request does, {@code Proxies} all
 * that it does it to, {@code ToxicType} what a toxic can be.
 */
@NullMarked
package dev.firedrill.internal.server;

import org.jspecify.annotations.NullMarked;
