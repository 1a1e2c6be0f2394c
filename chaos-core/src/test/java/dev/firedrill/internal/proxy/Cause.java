package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Corrupt;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.DelayMessage;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.DropMessage;
import dev.firedrill.fault.Duplicate;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.HalfOpen;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.Messages;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.Reorder;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.fault.SlowConnect;
import java.time.Duration;
import java.util.List;

/**
 * A fault of the network.
 *
 * @param fault as it acts at once
 * @param lasting as it still holds what it can hold when it is healed
 */
record Cause(String name, Fault fault, Fault lasting, Sign sign) {

    private static final Direction REPLIES = Direction.DOWNSTREAM;
    private static final Duration DELAY = Sign.DELAY;
    private static final Duration LONG = ofSeconds(60);

    /** Toxiproxy lets it pass twice before the caller sees an end, which is waited for. */
    private static final Duration SOON = Peer.PATIENCE.dividedBy(4);

    private static final Duration PAUSE = ofMillis(50);

    /** One line in a hundred. */
    private static final Messages ONE = Messages.ALL.framed("line").matching("07 ");

    private static final Messages LAST = ONE.matching("0" + Witness.LAST_OF_LARGE + " ");

    static final List<Cause> ALL = List.of(
            new Cause("latency", new Latency(DELAY), new Latency(LONG), Sign.LATE),
            new Cause("latency, normal", normal(DELAY.plus(PAUSE)), normal(LONG), Sign.LATE),
            new Cause("bandwidth", new Bandwidth(new DataRate(2_000)), new Bandwidth(new DataRate(1_000)), Sign.PACED),
            same("bandwidth 0", new Bandwidth(new DataRate(0)), Sign.SILENT),
            same("blackhole", new Blackhole(), Sign.SILENT),
            new Cause("blackhole, time-out", hole(DELAY), hole(LONG), Sign.CLOSES_LATE),
            new Cause("reset-peer", new ResetPeer(), new ResetPeer(SOON), Sign.NONE),
            same("refuse", new Refuse(), Sign.NONE),
            new Cause("slice", slice(PAUSE), slice(LONG), Sign.IN_PIECES),
            new Cause("limit-data", new LimitData(100), new LimitData(1_000_000), Sign.NONE),
            new Cause("slow-close", new SlowClose(DELAY), new SlowClose(LONG), Sign.LATE_END),
            new Cause("slow-connect", new SlowConnect(DELAY), new SlowConnect(LONG), Sign.LATE),
            new Cause("disconnect", new Disconnect(Duration.ZERO), new Disconnect(LONG), Sign.NONE),
            same("half-open", new HalfOpen(), Sign.SILENT),
            new Cause("packet-loss", loss(ofMillis(5)), loss(LONG), Sign.LATE),
            same("corrupt", new Corrupt(Corrupt.How.GARBLE, ONE, REPLIES), Sign.NONE),
            same("drop-message", new DropMessage(ONE, REPLIES), Sign.NONE),
            same("duplicate", new Duplicate(ONE, REPLIES), Sign.NONE),
            new Cause("reorder", new Reorder(LONG, ONE, REPLIES), new Reorder(LONG, LAST, REPLIES), Sign.OVERTAKEN),
            new Cause("delay-message", delayed(DELAY), delayed(LONG), Sign.LATE_MESSAGE));

    /** Several faults on one link, one after another. */
    record Several(String name, List<Fault> faults, Sign sign) {}

    static final List<Several> SEVERAL = List.of(
            holeFirst(Direction.UPSTREAM),
            limitFirst(Direction.UPSTREAM),
            holeFirst(REPLIES),
            limitFirst(REPLIES),
            new Several("latency twice", List.of(new Latency(DELAY), new Latency(DELAY)), Sign.LATE_TWICE),
            new Several(
                    "bandwidth twice",
                    List.of(new Bandwidth(new DataRate(2_000)), new Bandwidth(new DataRate(1_000_000))),
                    Sign.PACED));

    private static Cause same(String name, Fault fault, Sign sign) {
        return new Cause(name, fault, fault, sign);
    }

    private static Latency normal(Duration mean) {
        return new Latency(mean, PAUSE, REPLIES, Latency.Distribution.NORMAL);
    }

    private static Blackhole hole(Duration timeout) {
        return new Blackhole(Direction.BOTH, timeout);
    }

    private static Slice slice(Duration delay) {
        return new Slice(64, 0, delay, REPLIES);
    }

    /** Everything is lost six times. */
    private static PacketLoss loss(Duration retransmit) {
        return new PacketLoss(0.999_999_999, retransmit, REPLIES);
    }

    private static DelayMessage delayed(Duration delay) {
        return new DelayMessage(delay, ONE, REPLIES);
    }

    /** A limit behind a hole has nothing to count, and would close at the first byte. */
    private static Several holeFirst(Direction way) {
        return new Several(
                "blackhole, then limit-data of 0" + of(way),
                List.of(new Blackhole(way), new LimitData(0, way)),
                Sign.SILENT_OR_ENDS);
    }

    private static Several limitFirst(Direction way) {
        return new Several(
                "limit-data of 0, then blackhole" + of(way),
                List.of(new LimitData(0, way), new Blackhole(way)),
                Sign.SILENT_OR_ENDS);
    }

    private static String of(Direction way) {
        return way == REPLIES ? ", of replies" : ", of requests";
    }

    boolean isOfNewOnly() {
        return fault instanceof SlowConnect;
    }

    Sign onOpen() {
        return isOfNewOnly() ? Sign.NONE : sign;
    }
}
