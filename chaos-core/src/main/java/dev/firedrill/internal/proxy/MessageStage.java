package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Framer.Frame;
import dev.firedrill.spi.MalformedMessageException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what passes into messages of its protocol, and passes on those that are not hit. A part of a message is held until the
 * rest has come. Where it does not know what a byte belongs to, it lets everything pass until one side speaks anew.
 *
 * <pre>
 *   READING -- no message, too long, or the rest does not come --> LOST -- a turn begins --> READING
 * </pre>
 */
abstract class MessageStage extends Stage {

    private static final int LONGEST = 1 << 20;
    private static final String TOO_LONG = "it is longer than " + LONGEST + " bytes";

    /** What is no message after all would otherwise be waited for without end. */
    private static final long PATIENCE_SECONDS = 2;

    private final Pipe pipe;
    private final Dialogue dialogue;
    private final Deadlines deadlines;
    private boolean reading = true;
    private long lostIn = -1;
    private Deadlines.@Nullable Wake wake;
    private @Nullable ByteBuf collected;
    private int seen;
    private Draw.@Nullable Site site;
    private long base;
    private long candidates;

    MessageStage(Pipe pipe, Dialogue dialogue) {
        this.pipe = pipe;
        this.dialogue = dialogue;
        this.deadlines = dialogue.connection().front().deadlines();
    }

    final Pipe pipe() {
        return pipe;
    }

    final Direction direction() {
        return pipe.direction();
    }

    final Dialogue dialogue() {
        return dialogue;
    }

    /** Counts an effect. */
    final void touched() {
        dialogue.fault().touched(dialogue.connection());
    }

    /** Does what the fault does to a message that is hit; owns it. */
    abstract void hit(ByteBuf message, Frame frame, long of, Draw.Site at, long unit);

    /** Passes on a message that is not hit. */
    void spare(ByteBuf message, long of) {
        next().bytes(message, of);
    }

    /** Passes on what is no message. */
    void raw(ByteBuf bytes, long of) {
        spare(bytes, of);
    }

    /** Whether the fault could do anything to it. */
    boolean isVulnerable(Frame frame) {
        return true;
    }

    @Override
    final void bytes(ByteBuf bytes, long message) {
        if (!reading) {
            reading = message > lostIn && pipe.isTurn(message);
            if (!reading) {
                raw(bytes, message);
                return;
            }
        }
        collected = collected == null ? bytes : joined(collected, bytes);
        if (dialogue.isOpen()) {
            cut(message);
        } else if (direction() == Direction.UPSTREAM && dialogue.mayOpen()) {
            awaitRest(message);
        } else {
            loseTrack(message);
        }
    }

    private void awaitRest(long of) {
        if (wake == null && collected != null) {
            wake = deadlines.at(deadlines.now() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS), () -> {
                wake = null;
                giveUp(of, "the rest did not come within " + PATIENCE_SECONDS + "s");
                pipe.settle();
            });
        }
    }

    private void waitNoMore() {
        deadlines.cancel(wake);
        wake = null;
    }

    private static ByteBuf joined(ByteBuf first, ByteBuf second) {
        ByteBuf both = first;
        if (first.refCnt() > 1 || first.maxWritableBytes() < second.readableBytes()) {
            both = first.alloc().buffer(2 * (first.readableBytes() + second.readableBytes()));
            both.writeBytes(first);
            first.release();
        }
        both.writeBytes(second);
        second.release();
        return both;
    }

    private void cut(long of) {
        int spared = 0; // messages that are not hit go on together
        // what is passed on may end the connection, which lets go of the rest
        while (collected != null && collected.readableBytes() > spared) {
            int rest = collected.readableBytes() - spared;
            Frame frame;
            try {
                frame = dialogue.next(direction(), shown(collected, spared), seen);
            } catch (MalformedMessageException e) {
                giveUp(of, String.valueOf(e.getMessage()));
                return;
            } catch (RuntimeException e) {
                giveUp(of, "its framer failed: " + e); // a framer of one's own must not end the connection
                return;
            }
            if (frame != null && !isWithin(frame, rest)) {
                giveUp(of, "its framer returned " + frame + " of " + rest + " bytes");
                return;
            }
            if (frame == null && rest > LONGEST) {
                giveUp(of, TOO_LONG);
                return;
            }
            if (frame == null) {
                seen = rest;
                pass(spared, of);
                awaitRest(of);
                return;
            }
            seen = 0;
            waitNoMore();
            ByteBuffer message = shown(collected, spared).limit(frame.length());
            if (!isHit(frame, message)) {
                spared += frame.length();
            } else {
                pass(spared, of);
                spared = 0;
                take(frame, of);
            }
            if (spared > 0 && !sparesTogether()) {
                pass(spared, of);
                spared = 0;
            }
        }
        pass(spared, of);
        forgetIfEmpty();
    }

    private static boolean isWithin(Frame frame, int rest) {
        return frame.length() > 0
                && frame.length() <= rest
                && frame.payload() >= 0
                && frame.payloadLength() >= 0
                && frame.payload() <= frame.length() - frame.payloadLength();
    }

    /** Whether it makes no difference if several messages are spared at once. */
    boolean sparesTogether() {
        return true;
    }

    private static ByteBuffer shown(ByteBuf bytes, int from) {
        return bytes.nioBuffer(bytes.readerIndex() + from, bytes.readableBytes() - from)
                .asReadOnlyBuffer();
    }

    private void pass(int length, long of) {
        if (length > 0 && collected != null) {
            spare(collected.readRetainedSlice(length), of);
        }
    }

    private boolean isHit(Frame frame, ByteBuffer message) {
        if (frame.length() > LONGEST) {
            dialogue.unread(direction(), TOO_LONG);
            return false;
        }
        if (!isVulnerable(frame) || !isMeant(frame, message)) {
            return false;
        }
        if (site == null || base != pipe.base()) {
            base = pipe.base();
            candidates = 0;
            site = dialogue.connection().site(dialogue.fault().draw(), direction());
        }
        return dialogue.fault().draw().hits(site, candidates++);
    }

    private boolean isMeant(Frame frame, ByteBuffer message) {
        try {
            return dialogue.means(frame, message);
        } catch (Protocol.ExhaustedException e) {
            dialogue.unread(direction(), String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void take(Frame frame, long of) {
        if (collected != null && site != null) {
            hit(collected.readRetainedSlice(frame.length()), frame, of, site, candidates - 1);
        }
    }

    private void giveUp(long of, String why) {
        dialogue.unread(direction(), why);
        loseTrack(of);
    }

    private void loseTrack(long of) {
        reading = false;
        lostIn = of;
        seen = 0;
        waitNoMore();
        ByteBuf rest = collected;
        collected = null;
        if (rest != null && rest.isReadable()) {
            raw(rest, of);
        } else if (rest != null) {
            rest.release();
        }
    }

    private void forgetIfEmpty() {
        if (collected != null && !collected.isReadable()) {
            forget();
        }
    }

    private void forget() {
        if (collected != null) {
            collected.release();
            collected = null;
        }
    }

    @Override
    void end(End end) {
        loseTrack(0);
        next().end(end);
    }

    @Override
    void release() {
        loseTrack(0);
    }

    @Override
    void drop() {
        reading = false;
        waitNoMore();
        forget();
    }

    @Override
    boolean isHolding() {
        return collected != null;
    }
}
