package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Slice;
import io.netty.buffer.ByteBuf;

/**
 * Cuts the stream at places that the seed and the offset alone decide: near each multiple of the size, later by what is
 * drawn for that multiple. So any cut can be told without knowing those before it, and no two coincide.
 *
 * <pre>
 *   offset   0 ------- size ------- 2 size ------- 3 size
 *   cut at             size + a     2 size + b     3 size + c       0 &lt;= a, b, c &lt;= variation &lt; size
 * </pre>
 */
final class SliceStage extends HoldStage {

    /** Little, for the sender is to feel that it is slow. */
    private static final int MAX_BYTES = 1 << 16;

    /** So many pieces are sent off without giving other connections a turn. */
    private static final int MAX_PIECES = 64;

    private final LinkFault fault;
    private final Slice slice;
    private final long delay;
    private final long begun;
    private long message = -1;
    private long position;
    private long due;
    private long from;
    private long to;
    private long drawn;
    private long shift;
    private long cutIn = -1;
    private long counted = -1;

    SliceStage(Pipe pipe, LinkFault fault, Slice slice) {
        super(pipe, MAX_BYTES);
        this.fault = fault;
        this.slice = slice;
        this.delay = slice.delay().toNanos();
        this.begun = pipe.offset();
        this.due = deadlines().now();
    }

    /** Not that it does, but each message tells its offset, whatever has been lost on the way. */
    @Override
    boolean choosesMessages() {
        return true;
    }

    /** The next piece waits for its time, but no longer than it would have to now. */
    @Override
    void inherit(Stage from) {
        if (from instanceof SliceStage other) {
            long latest = deadlines().now() + delay;
            due = latest - other.due > 0 ? other.due : latest;
        }
    }

    @Override
    void bytes(ByteBuf bytes, long of) {
        // behind what is held nothing passes, whoever's it is
        if (head() == null && !pipe().connection().isHit(fault.draw())) {
            next().bytes(bytes, of);
            return;
        }
        hold(new Held(bytes, null, of));
        if (!isAwaited()) {
            advance();
        }
        if (head() != null) {
            felt();
        }
    }

    private void felt() {
        if (counted != pipe().burst()) {
            counted = pipe().burst();
            fault.touched(pipe().connection());
        }
    }

    @Override
    void end(End end) {
        if (head() == null) {
            next().end(end);
        } else {
            hold(new Held(null, end, 0));
        }
    }

    @Override
    void advance() {
        int pieces = 0;
        for (Held head = head(); head != null; head = head()) {
            if (head.bytes() == null) {
                passHead();
                continue;
            }
            long now = deadlines().now();
            if (due - now > 0 || pieces == MAX_PIECES) {
                wakeAt(due - now > 0 ? due : now);
                return;
            }
            if (pass(head, head.bytes())) {
                pieces++;
                due = deadlines().now() + delay;
                pipe().settle(); // what is sent off together is no pieces
            }
        }
    }

    /** Passes on as much as belongs to one piece; says whether that is complete. */
    private boolean pass(Held head, ByteBuf bytes) {
        if (head.message() != message) {
            message = head.message();
            position = Math.max(message, begun);
        }
        if (cutIn == pipe().burst()) {
            felt();
        }
        long left = cutBehind(pipe().unit(position)) - pipe().unit(position);
        int length = (int) Math.min(left, bytes.readableBytes());
        position += length;
        boolean complete = length == left;
        if (complete) {
            cutIn = pipe().burst();
        }
        if (length == bytes.readableBytes()) {
            passHead();
        } else {
            next().bytes(slice(bytes, length), head.message());
        }
        return complete;
    }

    private long cutBehind(long offset) {
        if (offset < from || offset >= to) {
            long number = Math.floorDiv(offset, (long) slice.size());
            long near = cut(number);
            from = near > offset ? offset : near;
            to = near > offset ? near : cut(number + 1);
        }
        return to;
    }

    /** The beginning of the stream is no cut, so that the first piece is no smaller than others. */
    private long cut(long number) {
        long multiple = number * slice.size();
        if (number <= 0 || slice.variation() == 0) {
            return multiple;
        }
        if (number != drawn) {
            drawn = number;
            shift = fault.draw()
                    .shift(pipe().connection().site(fault.draw(), pipe().direction()), multiple, slice.variation());
        }
        return multiple + shift;
    }
}
