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
 *   READING -- no message of the protocol ----------------> LOST -- a turn begins --> READING
 *           -- too long, or the rest does not come -------> SKIPPING, if its length is known -- behind it --> READING
 *                                                         > DONE, if it is not, or has not come again and again
 * </pre>
 *
 * As long as nothing has been read since it began in the middle of a connection, it may have begun in the middle of a message:
 * then LOST instead of SKIPPING or DONE.
 */
abstract class MessageStage extends Stage {

    private static final int LONGEST = 1 << 20;
    private static final String TOO_LONG = "it is longer than " + LONGEST + " bytes";

    /** What is no message after all would otherwise be waited for without end. */
    private static final long PATIENCE_SECONDS = 2;

    /** So often in a row a message is waited for in vain before nothing is taken for one any more. */
    private static final int MOST_IN_VAIN = 3;

    private final Pipe pipe;
    private final Dialogue dialogue;
    private final Deadlines deadlines;
    private final Candidates candidates;
    private boolean reading = true;
    private long lostIn = -1;
    private boolean done;
    private boolean hasRead;
    private int inVain;
    private long skipping;
    private int ahead; // bytes of what is collected that have been passed on
    private Deadlines.@Nullable Wake wake;
    private @Nullable ByteBuf collected;
    private int seen;

    MessageStage(Pipe pipe, Dialogue dialogue) {
        this.pipe = pipe;
        this.dialogue = dialogue;
        this.candidates = new Candidates(dialogue, pipe);
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

    /** How often a message goes on that is hit. */
    int copies() {
        return 1;
    }

    /** Passes on a message that is not hit. */
    void spare(ByteBuf message, long of) {
        forward(message, of);
    }

    /** Passes on what has not been passed on ahead. */
    final void forward(ByteBuf bytes, long of) {
        int length = Math.min(ahead, bytes.readableBytes());
        ahead -= length;
        if (length == bytes.readableBytes()) {
            bytes.release();
        } else {
            next().bytes(bytes.skipBytes(length), of);
        }
    }

    /** Passes on what has come of a message that is not waited for. */
    void passOver(ByteBuf bytes, long of) {
        raw(bytes, of);
    }

    /** Tells that something passes which could not be read. */
    void unread(String why) {
        dialogue.unread(direction(), why);
    }

    /** A message is not waited for, of a command that is known or empty. */
    void givenUp(String command) {}

    /** All of a message that was not waited for has gone on. */
    void passedOver() {}

    /** A message has been cut off. */
    void cutOff(Frame frame) {}

    /** Whether a part of what is to be passed on next has been passed on. */
    final boolean isAhead() {
        return ahead > 0;
    }

    /** Whether a message goes on as soon as its command shows that it is not meant. */
    boolean passesEarly() {
        return !looksOn();
    }

    /** Whether it only looks on for now, and holds nothing up. */
    boolean looksOn() {
        return false;
    }

    /** Whether nothing is to be passed on any more. */
    boolean isOver() {
        return false;
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
        if (isOver()) {
            bytes.release();
            return;
        }
        if (looksOn()) {
            ahead += bytes.readableBytes();
            next().bytes(bytes.retainedDuplicate(), message);
            if (pipe.isDiscarding()) { // what was passed on has ended the connection
                bytes.release();
                return;
            }
        }
        if (skipping > 0 && !skip(bytes, message)) {
            return;
        }
        if (!reading) {
            reading = !done && message > lostIn && pipe.isTurn(message);
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

    /** Says whether something is left that belongs to another message. */
    private boolean skip(ByteBuf bytes, long message) {
        int length = (int) Math.min(skipping, bytes.readableBytes());
        skipping -= length;
        boolean all = length == bytes.readableBytes();
        passOver(all ? bytes : bytes.readRetainedSlice(length), message);
        if (skipping == 0) {
            hasPassedOver();
        }
        if (all) {
            return false;
        }
        if (pipe.isDiscarding()) {
            bytes.release();
            return false;
        }
        return true;
    }

    private void hasPassedOver() {
        if (!dialogue.isWithinGivenUp(direction())) {
            inVain = 0;
            passedOver();
        }
    }

    private void awaitRest(long of) {
        if (wake == null && collected != null) {
            wake = deadlines.at(deadlines.now() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS), () -> {
                wake = null;
                waitedInVain(of);
                pipe.settle();
            });
        }
    }

    private void waitedInVain(long of) {
        String why = "the rest did not come within " + PATIENCE_SECONDS + "s";
        if (!dialogue.isOpen()) {
            giveUp(of, why);
            return;
        }
        inVain++;
        passOver(
                of,
                inVain < MOST_IN_VAIN ? why : why + " again and again, so that nothing more is read",
                inVain == MOST_IN_VAIN);
        if (reading) {
            cut(of);
        }
    }

    /** What has come of a message that is not waited for goes on, and so will its rest. */
    private void passOver(long of, String why, boolean forGood) {
        if (!why.isEmpty()) {
            unread(why);
        }
        ByteBuf begun = collected;
        if (begun == null) {
            return;
        }
        String command = dialogue.begun(direction());
        boolean mayBeMiddle = !hasRead && !dialogue.isFromStart();
        long length = forGood || mayBeMiddle ? 0 : dialogue.giveUp(direction(), shown(begun, 0));
        if (length <= 0) {
            done = forGood || !mayBeMiddle;
            loseTrack(of);
            return;
        }
        int here = (int) Math.min(length, begun.readableBytes());
        skipping = length - here;
        seen = 0;
        waitNoMore();
        collected = null;
        ByteBuf rest = here < begun.readableBytes()
                ? begun.retainedSlice(begun.readerIndex() + here, begun.readableBytes() - here)
                : null;
        begun.writerIndex(begun.readerIndex() + here);
        givenUp(command);
        passOver(begun, of);
        if (skipping == 0) {
            hasPassedOver();
        }
        if (rest != null && pipe.isDiscarding()) {
            rest.release();
        } else {
            collected = rest;
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
        } else {
            both.discardSomeReadBytes(); // it would grow as long as no read ends with a message
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
            }
            if (frame == null) {
                pass(spared, of);
                spared = 0;
                boolean aside = passesEarly() && dialogue.isAside(direction());
                if ((rest <= LONGEST && !aside) || collected == null) {
                    seen = rest;
                    awaitRest(of);
                    return;
                }
                hasRead |= aside;
                passOver(of, aside ? "" : TOO_LONG, false);
                if (!reading) {
                    return;
                }
                continue;
            }
            seen = 0;
            hasRead = true;
            if (frame.spared() == null) {
                inVain = 0;
            }
            waitNoMore();
            cutOff(frame);
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
        if (frame.spared() != null) {
            if (!frame.spared().isEmpty()) {
                dialogue.unread(direction(), frame.spared());
            }
            return false;
        }
        if (frame.length() > LONGEST) {
            dialogue.unread(direction(), TOO_LONG);
            return false;
        }
        return isVulnerable(frame) && dialogue.means(direction(), frame, message) && candidates.isNextHit();
    }

    private void take(Frame frame, long of) {
        if (collected != null) {
            if (copies() != 1) {
                dialogue.altered(direction(), frame, copies());
            }
            hit(collected.readRetainedSlice(frame.length()), frame, of, candidates.site(), candidates.last());
        }
    }

    private void giveUp(long of, String why) {
        unread(why);
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
        ahead = 0;
        if (collected != null) {
            collected.release();
            collected = null;
        }
    }

    /** What another one of its kind has read and counted is read and counted on. */
    @Override
    void inherit(Stage from) {
        if (from instanceof MessageStage other && from.getClass() == getClass() && dialogue.inherit(other.dialogue)) {
            reading = other.reading;
            lostIn = other.lostIn;
            done = other.done;
            hasRead = other.hasRead;
            inVain = other.inVain;
            skipping = other.skipping;
            seen = other.seen;
            candidates.goOn(other.candidates);
            collected = other.collected;
            ahead = other.ahead;
            other.collected = null;
            other.waitNoMore();
            if (collected != null) {
                awaitRest(lostIn);
            }
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
        return collected != null && collected.readableBytes() > ahead;
    }
}
