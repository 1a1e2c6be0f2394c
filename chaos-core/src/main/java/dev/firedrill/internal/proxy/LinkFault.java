package dev.firedrill.internal.proxy;

import dev.firedrill.Link;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
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
        return fault instanceof Latency
                || fault instanceof Bandwidth
                || fault instanceof ResetPeer
                || fault instanceof Blackhole
                || fault instanceof Slice
                || fault instanceof LimitData
                || fault instanceof SlowClose
                || fault instanceof Refuse;
    }

    /**
     * So many bytes pass without meeting it to speak of: those that a rate lets through within a millisecond, all but the
     * last that a limit lets through, or one piece.
     */
    long unnoticed() {
        if (fault instanceof Slice slice) {
            return (long) slice.size() + slice.variation() + 1;
        }
        if (fault instanceof LimitData limit) {
            return limit.bytes();
        }
        return fault instanceof Bandwidth bandwidth ? bandwidth.rate().bytesPerSecond() / 1_000 : 0;
    }

    /** Says whether what one side has said is forgotten when the other speaks. */
    boolean countsTurns() {
        return fault instanceof Slice;
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
            return watches(up, down);
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
        if (fault instanceof Slice slice) {
            return stages(slice.direction(), new SliceStage(up, this, slice), new SliceStage(down, this, slice));
        }
        if (fault instanceof LimitData limit) {
            return stages(
                    limit.direction(), new LimitDataStage(up, this, limit), new LimitDataStage(down, this, limit));
        }
        if (fault instanceof SlowClose slow) {
            return stages(slow.direction(), new SlowCloseStage(up, this, slow), new SlowCloseStage(down, this, slow));
        }
        return new Stages(null, null);
    }

    private Stages watches(Pipe up, Pipe down) {
        Stage upstream = new WatchStage(up, this);
        Stage downstream = new WatchStage(down, this);
        if (fault instanceof Slice slice) {
            return stages(slice.direction(), upstream, downstream);
        }
        if (fault instanceof LimitData limit) {
            // where nothing is to pass, the reply that is cut off is not seen, but the end instead of it
            return stages(limit.direction(), upstream, limit.bytes() == 0 ? new WatchEndStage(down, this) : downstream);
        }
        if (fault instanceof SlowClose slow) {
            return slow.delay().isZero()
                    ? new Stages(null, null)
                    : stages(slow.direction(), new WatchEndStage(up, this), new WatchEndStage(down, this));
        }
        // whoever sends a request meets a fault of the reply, which may never come
        return new Stages(upstream, downstream);
    }

    private static Stages stages(Direction direction, Stage upstream, Stage downstream) {
        return new Stages(
                direction.coversUpstream() ? upstream : null, direction.coversDownstream() ? downstream : null);
    }
}
