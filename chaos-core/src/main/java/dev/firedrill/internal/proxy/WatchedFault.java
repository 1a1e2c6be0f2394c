package dev.firedrill.internal.proxy;

import dev.firedrill.Link;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.internal.proxy.Kinds.Stages;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Occurrence;

/** A fault that another engine makes further on: only what meets it is counted here. */
final class WatchedFault extends LinkFault {

    private final Occurrence occurrence;
    private final Link link;
    private final Fault fault;

    WatchedFault(Occurrence occurrence, Link link) {
        this.occurrence = occurrence;
        this.link = link;
        this.fault = occurrence.step().fault();
    }

    @Override
    int place() {
        return occurrence.step().place();
    }

    @Override
    Draw draw() {
        return occurrence.draw();
    }

    @Override
    void touched(Connection connection) {
        occurrence.effects().touched(link, connection.isOfTest());
    }

    @Override
    Protocol protocol() {
        throw new IllegalStateException(fault.kind() + " is made by the embedded proxy itself");
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

    @Override
    Stages stages(Connection connection) {
        Pipe up = connection.upstream();
        Pipe down = connection.downstream();
        Stage upstream = new WatchStage(up, this);
        Stage downstream = new WatchStage(down, this);
        if (fault instanceof Slice slice) {
            return Stages.of(slice.direction(), upstream, downstream);
        }
        if (fault instanceof LimitData limit) {
            // where nothing is to pass, the reply that is cut off is not seen, but the end instead of it
            return Stages.of(
                    limit.direction(), upstream, limit.bytes() == 0 ? new WatchEndStage(down, this) : downstream);
        }
        if (fault instanceof SlowClose slow) {
            return slow.delay().isZero()
                    ? Stages.NONE
                    : Stages.of(slow.direction(), new WatchEndStage(up, this), new WatchEndStage(down, this));
        }
        // whoever sends a request meets a fault of the reply, which may never come
        return new Stages(upstream, downstream);
    }
}
