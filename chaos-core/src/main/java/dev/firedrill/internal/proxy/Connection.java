package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Direction;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Effects;
import io.netty.channel.Channel;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A caller's connection and the one to the service that belongs to it. Confined to the io thread.
 *
 * <pre>
 *   accepted --> DIALLING -- connected --> OPEN -- both ends delivered, either one reset --> CLOSED
 *                 |    \                    |                                                ^  ^
 *                 |     +--- failed, refused, too late: RST to the caller -------------------+  |
 *                 +----> SILENT <-----------+---- the node is gone while idle: FIN ---> ORPHAN    |
 *                           |                                                            |      |
 *                           +---- the caller is gone or, an orphan's, speaks; the node is back: RST
 *
 *   OPEN ---- a fault takes the node's end away: RST to the node ----> HALF_OPEN ---- healed: RST to the caller ----> CLOSED
 * </pre>
 *
 * An orphan is what the kernel makes of an idle connection whose process dies: its caller sees the end of the stream, and an
 * RST when it speaks again. Only then has it met the fault. One that is half-open has no node: what becomes of that concerns
 * it no more.
 */
final class Connection {

    private static final int NONE = -1;

    /** Most connections meet none or one; there may be thousands of idle ones. */
    private static final int FEW = 1;

    private final LinkFront front;
    private final Channel client;
    private final Pipe upstream = new Pipe(this, Direction.UPSTREAM);
    private final Pipe downstream = new Pipe(this, Direction.DOWNSTREAM);
    private final Chain chain = new Chain(this);
    private final IdentityHashMap<Draw, Boolean> verdicts = new IdentityHashMap<>(FEW);
    private final IdentityHashMap<Draw, Boolean> verdictsForProbes = new IdentityHashMap<>(FEW);
    private int number = NONE;
    private int numberForProbes = NONE;
    private @Nullable Direction speaker;
    private @Nullable Channel server;
    private State state = State.DIALLING;
    private boolean closedByNode;
    private boolean awaitsReply;
    private boolean inUse;
    private @Nullable Effects lostBy;
    private @Nullable LinkFault halvedBy;
    private boolean opening;

    private enum State {
        DIALLING,
        OPEN,
        HALF_OPEN,
        SILENT,
        ORPHAN,
        CLOSED
    }

    Connection(LinkFront front, Channel client) {
        this.front = front;
        this.client = client;
        upstream.from(client);
    }

    LinkFront front() {
        return front;
    }

    // ---- whose it is

    /** Somebody opened it or spoke on it, a probe if one is looking; numbers are given to who has none yet. */
    void usedBy(boolean probe) {
        if (probe && numberForProbes == NONE) {
            numberForProbes = front.nextNumber(true);
        } else if (!probe && number == NONE) {
            number = front.nextNumber(false);
            // its choices do not depend on how much a probe has said before
            countAnew();
        }
    }

    /** Chance counts the connections of a link anew. */
    void number() {
        number = number == NONE ? NONE : front.nextNumber(false);
        numberForProbes = numberForProbes == NONE ? NONE : front.nextNumber(true);
        countAnew();
    }

    private void countAnew() {
        speaker = null;
        upstream.countAnew();
        downstream.countAnew();
    }

    /** Its number among those of its link that are not of probes alone; negative if it has none. */
    int ordinal() {
        return number;
    }

    /** Says whether what happens on it now is the test's beyond doubt. */
    boolean isOfTest() {
        return number != NONE && (numberForProbes == NONE || !front.isLookedAt());
    }

    Draw.Site site(Draw draw, @Nullable Direction direction) {
        return isOfTest()
                ? draw.site(front.name(), number, direction)
                : draw.site(front.name() + Draw.OF_PROBE, numberForProbes, direction);
    }

    /** Says whether that is another one than before who speaks. */
    boolean isTurnOf(Direction direction) {
        boolean changes = speaker != direction;
        speaker = direction;
        return changes;
    }

    Pipe upstream() {
        return upstream;
    }

    Pipe downstream() {
        return downstream;
    }

    Pipe opposite(Pipe pipe) {
        return pipe == upstream ? downstream : upstream;
    }

    boolean isDialling() {
        return state == State.DIALLING;
    }

    /** One draw for each step, however often the step occurs. */
    boolean isHit(Draw draw) {
        return draw.always()
                || (isOfTest() ? verdicts : verdictsForProbes).computeIfAbsent(draw, d -> d.hits(site(d, null), 0));
    }

    // ---- its life

    /** Returns false if nobody waits for it any more. */
    boolean connected(Channel channel) {
        if (state != State.DIALLING) {
            return false;
        }
        state = State.OPEN;
        server = channel;
        channel.pipeline().addLast(downstream);
        upstream.to(channel);
        downstream.from(channel);
        downstream.to(client);
        opening = true;
        chain.begin();
        opening = false;
        upstream.open();
        downstream.open();
        return true;
    }

    void inject(LinkFault fault) {
        if (state == State.OPEN) {
            chain.inject(fault);
        }
    }

    /** What the one holds goes on through the other. */
    void replace(LinkFault old, LinkFault fresh) {
        if (old.equals(halvedBy)) {
            halvedBy = fresh; // whose healing ends it
        }
        if (state == State.OPEN) {
            chain.replace(old, fresh);
        }
    }

    void heal(LinkFault fault) {
        if (state == State.HALF_OPEN && fault.equals(halvedBy)) {
            reset();
        } else if (state == State.OPEN) {
            chain.heal(fault);
        }
    }

    /** Says whether bytes pass as the faults let them. */
    boolean isOpen() {
        return state == State.OPEN;
    }

    /** The caller has begun to say something. */
    void spoken() {
        if (state == State.HALF_OPEN && halvedBy != null) {
            halvedBy.touched(this);
            return;
        }
        awaitsReply = true;
        inUse = true;
        if (lostBy != null) {
            front.missed(this, lostBy);
            lostBy = null;
        }
        if (state == State.ORPHAN) {
            reset();
        }
    }

    /** The node has begun to say something. */
    void answered() {
        awaitsReply = false;
    }

    /** Says whether the caller was the last to speak, or still waits to be let through. */
    boolean awaitsReply() {
        return awaitsReply || state == State.DIALLING;
    }

    /** From now on it is in use if its caller waits for a reply, or as soon as it speaks. */
    void nodeChanges() {
        inUse = awaitsReply();
    }

    /** Says whether its caller has had to do with the node since that changed. */
    boolean isInUse() {
        return inUse;
    }

    /** A fault took the node from it: its caller meets that when it speaks again. */
    void lostBy(Effects effects) {
        lostBy = effects;
    }

    /** Ends it as a kernel does whose process died: by RST if the caller waits for something, in good order otherwise. */
    void nodeIsGone(Effects effects) {
        if (state == State.ORPHAN || state == State.HALF_OPEN) {
            return;
        }
        if (state != State.OPEN || awaitsReply || downstream.isHolding()) {
            reset();
            return;
        }
        lostBy(effects);
        orphan();
    }

    private void orphan() {
        state = State.ORPHAN;
        upstream.discard();
        downstream.discard();
        chain.clear();
        if (server != null) {
            Sockets.close(server);
        }
        if (!client.isOpen() || upstream.hasEnded()) {
            close();
            return;
        }
        client.config().setAutoRead(true);
        Farewell.finish(client);
    }

    /** A pipe's source has ended. */
    void ended(Pipe pipe) {
        if (state == State.OPEN && pipe == downstream && !closedByNode && !upstream.hasEnded()) {
            closedByNode = true; // behind its end a reset may still come
            front.nodeClosed(this);
            if (lostBy != null && isClosed(server)) {
                orphan(); // a reset would leave its caller nobody to speak to
            }
        } else if ((state == State.SILENT || state == State.HALF_OPEN) && pipe == upstream && !client.isOpen()) {
            reset();
        } else if (state == State.ORPHAN && pipe == upstream) {
            close();
        }
    }

    private static boolean isClosed(@Nullable Channel channel) {
        return channel == null || !channel.isOpen();
    }

    /** A pipe's end of stream has reached its sink. */
    void delivered(Pipe pipe) {
        pipe.endDelivered();
        if (!upstream.isDelivered() || !downstream.isDelivered()) {
            return;
        }
        if (upstream.hasEnded() && downstream.hasEnded()) {
            close();
        } else {
            finish(); // whoever still sends must not see a reset
        }
    }

    /**
     * Makes room for others if both sides have ended, and a fault keeps that from somebody: he could wait for nothing but the
     * fault's healing, which would reset the connection.
     */
    void leaveIfOver() {
        boolean swallowed = upstream.isSwallowed() || downstream.isSwallowed();
        if (state == State.OPEN && swallowed && upstream.isOver() && downstream.isOver() && end()) {
            part(client, upstream, !downstream.isDelivered());
            part(server, downstream, !upstream.isDelivered());
        }
    }

    /** From now on the caller meets silence, and so does the node. */
    void silence() {
        if (state == State.CLOSED || state == State.ORPHAN || state == State.HALF_OPEN) {
            return;
        }
        state = State.SILENT;
        upstream.open();
        upstream.discard();
        downstream.discard();
    }

    boolean isSilent() {
        return state == State.SILENT;
    }

    /** From now on the caller meets silence, and the node has been told that it is gone. */
    void halve(LinkFault by) {
        if (state != State.OPEN) {
            return;
        }
        if (opening || awaitsReply) {
            by.touched(this);
        }
        state = State.HALF_OPEN;
        halvedBy = by;
        awaitsReply = false;
        upstream.discard();
        downstream.discard();
        if (server != null) {
            Farewell.rst(server);
        }
    }

    boolean isHalfOpen() {
        return state == State.HALF_OPEN;
    }

    /** Ends it by RST on both sides. */
    void reset() {
        reset(Direction.BOTH);
    }

    /** Ends it: those who get bytes of the given direction see an RST, the others an orderly close. */
    void reset(Direction seenBy) {
        if (end()) {
            part(client, upstream, seenBy.coversDownstream());
            part(server, downstream, seenBy.coversUpstream());
        }
    }

    /** Ends it in good order on both sides, after what has been written. */
    void finish() {
        if (end()) {
            part(client, upstream, false);
            part(server, downstream, false);
        }
    }

    private void part(@Nullable Channel channel, Pipe handler, boolean rst) {
        if (channel == null || !channel.isOpen()) {
            return;
        }
        if (rst) {
            Farewell.rst(channel);
        } else {
            front.part(channel);
            Farewell.orderly(channel, handler);
        }
    }

    void close() {
        if (end()) {
            Sockets.close(client);
            if (server != null) {
                Sockets.close(server);
            }
        }
    }

    private boolean end() {
        if (state == State.CLOSED) {
            return false;
        }
        state = State.CLOSED;
        upstream.discard();
        downstream.discard();
        chain.clear();
        front.forget(this);
        return true;
    }
}
