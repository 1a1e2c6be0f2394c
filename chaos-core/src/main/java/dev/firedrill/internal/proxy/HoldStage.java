package dev.firedrill.internal.proxy;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A stage that holds things back in a bounded queue. The bound is kept by reading no more from the source: what has been
 * read is always taken.
 */
abstract class HoldStage extends Stage {

    /** Many tiny messages would otherwise hold far more memory in buffers than they have bytes. */
    private static final int MAX_ITEMS = 8192;

    private final ArrayDeque<Held> queue = new ArrayDeque<>(1); // of many idle connections each stage has one
    private final Pipe pipe;
    private final Budget budget;
    private final int maxBytes;
    private long heldBytes;
    private boolean full;
    private Deadlines.@Nullable Wake wake;

    HoldStage(Pipe pipe, int maxBytes) {
        this.pipe = pipe;
        this.budget = pipe.connection().front().budget();
        this.maxBytes = maxBytes;
    }

    /** Bytes, or an end; {@code came} is when the stage got it, {@code due} when it lets go of it. */
    record Held(@Nullable ByteBuf bytes, @Nullable End end, long message, long came, long due) {

        /** What does not wait for a time of its own. */
        Held(@Nullable ByteBuf bytes, @Nullable End end, long message) {
            this(bytes, end, message, 0, 0);
        }

        /** Its whole buffer, however little of it is filled. */
        private int size() {
            return bytes == null ? 0 : bytes.capacity();
        }
    }

    final Pipe pipe() {
        return pipe;
    }

    final Deadlines deadlines() {
        return pipe.connection().front().deadlines();
    }

    final @Nullable Held head() {
        return queue.peek();
    }

    final @Nullable Held last() {
        return queue.peekLast();
    }

    final void hold(Held held) {
        queue.add(held);
        budget.take(held.size());
        heldBytes += held.bytes == null ? 0 : held.bytes.readableBytes();
        full = full || heldBytes >= maxBytes || queue.size() >= MAX_ITEMS;
    }

    /** Takes the first {@code length} bytes off the head. */
    final ByteBuf slice(ByteBuf head, int length) {
        heldBytes -= length;
        eased();
        return head.readRetainedSlice(length);
    }

    /** Takes the head out, for a stage that holds it from now on. */
    final @Nullable Held handOut() {
        Held held = queue.poll();
        if (held != null) {
            letGo(held);
        }
        return held;
    }

    /** Passes the head on. */
    final void passHead() {
        Held held = queue.remove();
        letGo(held);
        if (held.bytes != null) {
            next().bytes(held.bytes, held.message);
        } else if (held.end != null) {
            next().end(held.end);
        }
    }

    private void letGo(Held held) {
        budget.giveBack(held.size());
        heldBytes -= held.bytes == null ? 0 : held.bytes.readableBytes();
        eased();
    }

    private void eased() {
        full = full && (heldBytes > maxBytes / 2 || queue.size() > MAX_ITEMS / 2);
    }

    /** Lets go of what is due, and asks to be woken for the rest. */
    abstract void advance();

    final void wakeAt(long nanos) {
        deadlines().cancel(wake);
        wake = deadlines().at(nanos, this::woken);
    }

    final boolean isAwaited() {
        return wake != null;
    }

    private void woken() {
        wake = null;
        advance();
        pipe.settle();
    }

    @Override
    final boolean isHolding() {
        return !queue.isEmpty();
    }

    /** Who holds nothing is never stopped for what others hold: it would not be woken. */
    @Override
    final boolean isFull() {
        return full || (!queue.isEmpty() && budget.isExhausted());
    }

    @Override
    final void release() {
        deadlines().cancel(wake);
        wake = null;
        while (!queue.isEmpty()) {
            passHead();
        }
    }

    @Override
    final void drop() {
        deadlines().cancel(wake);
        wake = null;
        for (Held held = handOut(); held != null; held = handOut()) {
            if (held.bytes != null) {
                held.bytes.release();
            }
        }
    }
}
