/** Where the messages of known protocols begin and end. No sockets, no buffers but {@link java.nio.ByteBuffer}. */
@NullMarked
package dev.firedrill.internal.message;

import org.jspecify.annotations.NullMarked;
