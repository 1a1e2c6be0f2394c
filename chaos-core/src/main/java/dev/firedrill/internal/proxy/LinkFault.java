package dev.firedrill.internal.proxy;

import dev.firedrill.Link;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Corrupt;
import dev.firedrill.fault.DelayMessage;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Duplicate;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.MessageFault;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.Reorder;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Effects;
import dev.firedrill.spi.Occurrence;
import org.jspecify.annotations.Nullable;

/** One occurrence of a fault on one link. */
final class LinkFault {

    private final Fault fault;
    private final int place;
    private final Link link;
    private final Draw draw;
    private final Effects effects;
    private final boolean watching;
    private final @Nullable Protocol protocol;

    LinkFault(Occurrence occurrence, Link link) {
        this(occurrence, link, false);
    }

    private LinkFault(Occurrence occurrence, Link link, boolean watching) {
        this.fault = occurrence.step().fault();
        this.place = occurrence.step().place();
        this.link = link;
        this.draw = occurrence.draw();
        this.effects = occurrence.effects();
        this.watching = watching;
        this.protocol = fault instanceof MessageFault message ? new Protocol(message.messages()) : null;
    }

    /** One that another engine makes further on: only what meets it is counted here. */
    static LinkFault watching(Occurrence occurrence, Link link) {
        return new LinkFault(occurrence, link, true);
    }

    /** Its place on the way from client to server: a fault that is declared first stands first, whenever it begins. */
    int place() {
        return place;
    }

    /** The stages of one fault on one connection; null where the fault does not act. */
    record Stages(@Nullable Stage upstream, @Nullable Stage downstream) {}

    static boolean isKnown(Fault fault) {
        return fault instanceof MessageFault
                || fault instanceof Latency
                || fault instanceof Bandwidth
                || fault instanceof ResetPeer
                || fault instanceof Blackhole
                || fault instanceof Refuse;
    }

    /** So many bytes pass without meeting it to speak of: those that a limit lets through within a millisecond. */
    long unnoticed() {
        return fault instanceof Bandwidth bandwidth ? bandwidth.rate().bytesPerSecond() / 1_000 : 0;
    }

    /** Something passed that could not be read as messages. */
    void unread(String what) {
        effects.unread(link, what);
    }

    Draw draw() {
        return draw;
    }

    void touched(Connection connection) {
        effects.touched(link, connection.isOfTest());
    }

    /** Says whether it turns a new connection away. */
    boolean refuses(Connection connection) {
        return !watching && fault instanceof Refuse && connection.isHit(draw);
    }

    Stages stages(Connection connection) {
        Pipe up = connection.upstream();
        Pipe down = connection.downstream();
        if (watching) {
            // whoever sends a request meets a fault of the reply, which may never come
            return new Stages(new WatchStage(up, this), new WatchStage(down, this));
        }
        if (fault instanceof Latency latency) {
            return stages(
                    latency.direction(), new LatencyStage(up, this, latency), new LatencyStage(down, this, latency));
        }
        if (fault instanceof Bandwidth bandwidth) {
            return stages(
                    bandwidth.direction(),
                    new BandwidthStage(up, this, bandwidth),
                    new BandwidthStage(down, this, bandwidth));
        }
        if (fault instanceof Blackhole blackhole) {
            return stages(blackhole.direction(), new BlackholeStage(up, this), new BlackholeStage(down, this));
        }
        if (fault instanceof ResetPeer reset) {
            ResetPeerStage.Fuse fuse = new ResetPeerStage.Fuse(connection, this, reset);
            return new Stages(new ResetPeerStage(fuse), new ResetPeerStage(fuse));
        }
        if (fault instanceof MessageFault message && protocol != null) {
            Dialogue dialogue = new Dialogue(connection, this, protocol);
            return new Stages(
                    messageStage(up, dialogue, message, message.direction().coversUpstream()),
                    messageStage(down, dialogue, message, message.direction().coversDownstream()));
        }
        return new Stages(null, null);
    }

    private static Stage messageStage(Pipe pipe, Dialogue dialogue, MessageFault fault, boolean acts) {
        if (!acts) {
            return new FollowStage(pipe, dialogue);
        }
        if (fault instanceof Corrupt corrupt) {
            return new CorruptStage(pipe, dialogue, corrupt.how());
        }
        if (fault instanceof DelayMessage delay) {
            return new DelayMessageStage(pipe, dialogue, delay);
        }
        if (fault instanceof Duplicate) {
            return new DuplicateStage(pipe, dialogue);
        }
        if (fault instanceof Reorder reorder) {
            return new ReorderStage(pipe, dialogue, reorder);
        }
        return new DropMessageStage(pipe, dialogue);
    }

    private static Stages stages(Direction direction, Stage upstream, Stage downstream) {
        return new Stages(
                direction.coversUpstream() ? upstream : null, direction.coversDownstream() ? downstream : null);
    }
}
