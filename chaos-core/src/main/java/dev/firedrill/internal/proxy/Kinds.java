package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Corrupt;
import dev.firedrill.fault.DelayMessage;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.DropMessage;
import dev.firedrill.fault.Duplicate;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.HalfOpen;
import dev.firedrill.fault.KillBeforeReply;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.MessageFault;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.Reorder;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.fault.SlowConnect;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which stages make which fault. */
final class Kinds {

    private static final Map<Class<? extends Fault>, Maker<Fault>> ALL = Map.ofEntries(
            kind(Latency.class, Latency::direction, LatencyStage::new),
            kind(Lag.class, Lag::direction, LagStage::new),
            kind(Bandwidth.class, Bandwidth::direction, BandwidthStage::new),
            kind(Blackhole.class, Blackhole::direction, BlackholeStage::new),
            kind(Slice.class, Slice::direction, SliceStage::new),
            kind(LimitData.class, LimitData::direction, LimitDataStage::new),
            kind(SlowClose.class, SlowClose::direction, SlowCloseStage::new),
            kind(PacketLoss.class, PacketLoss::direction, PacketLossStage::new),
            kind(ResetPeer.class, Kinds::reset),
            kind(Refuse.class, (connection, in, fault) -> Stages.NONE),
            kind(Disconnect.class, Kinds::disconnect),
            kind(HalfOpen.class, (connection, in, fault) -> new Stages(new HalfOpenStage(connection, in), null)),
            kind(SlowConnect.class, (connection, in, fault) -> Stages.NONE),
            message(Corrupt.class, CorruptStage::new),
            message(DelayMessage.class, DelayMessageStage::new),
            message(DropMessage.class, (pipe, dialogue, fault) -> new DropMessageStage(pipe, dialogue)),
            message(Duplicate.class, (pipe, dialogue, fault) -> new DuplicateStage(pipe, dialogue)),
            kind(KillBeforeReply.class, Kinds::killing),
            message(Reorder.class, ReorderStage::new));

    private Kinds() {}

    /** The stages of one fault on one connection; null where the fault does not act. */
    record Stages(@Nullable Stage upstream, @Nullable Stage downstream) {

        static final Stages NONE = new Stages(null, null);

        static Stages of(Direction direction, @Nullable Stage upstream, @Nullable Stage downstream) {
            return new Stages(
                    direction.coversUpstream() ? upstream : null, direction.coversDownstream() ? downstream : null);
        }
    }

    private interface Maker<F extends Fault> {
        Stages make(Connection connection, LinkFault in, F fault);
    }

    private interface OfBytes<F extends Fault> {
        Stage make(Pipe pipe, LinkFault in, F fault);
    }

    private interface OfMessages<F extends MessageFault> {
        Stage make(Pipe pipe, Dialogue dialogue, F fault);
    }

    private static <F extends Fault> Map.Entry<Class<? extends Fault>, Maker<Fault>> kind(
            Class<F> type, Maker<F> maker) {
        return Map.entry(type, (connection, in, fault) -> maker.make(connection, in, type.cast(fault)));
    }

    private static <F extends Fault> Map.Entry<Class<? extends Fault>, Maker<Fault>> kind(
            Class<F> type, Function<F, Direction> direction, OfBytes<F> maker) {
        return kind(
                type,
                (connection, in, fault) -> Stages.of(
                        direction.apply(fault),
                        maker.make(connection.upstream(), in, fault),
                        maker.make(connection.downstream(), in, fault)));
    }

    private static <F extends MessageFault> Map.Entry<Class<? extends Fault>, Maker<Fault>> message(
            Class<F> type, OfMessages<F> maker) {
        return kind(type, (connection, in, fault) -> {
            Dialogue dialogue = new Dialogue(connection, in, in.protocol());
            Pipe up = connection.upstream();
            Pipe down = connection.downstream();
            // to know what a reply answers, the requests have to be read as well
            return new Stages(
                    fault.direction().coversUpstream()
                            ? maker.make(up, dialogue, fault)
                            : new FollowStage(up, dialogue),
                    fault.direction().coversDownstream()
                            ? maker.make(down, dialogue, fault)
                            : new FollowStage(down, dialogue));
        });
    }

    private static Stages reset(Connection connection, LinkFault in, ResetPeer reset) {
        ResetPeerStage.Fuse fuse = new ResetPeerStage.Fuse(connection, in, reset);
        return new Stages(new ResetPeerStage(fuse), new ResetPeerStage(fuse));
    }

    private static Stages killing(Connection connection, LinkFault in, KillBeforeReply kill) {
        Dialogue dialogue = new Dialogue(connection, in, in.protocol());
        WithheldReplyStage reply = new WithheldReplyStage(connection.downstream(), dialogue);
        return new Stages(new LastRequestStage(connection.upstream(), dialogue, reply), reply);
    }

    private static Stages disconnect(Connection connection, LinkFault in, Disconnect disconnect) {
        DisconnectStage.Life life = new DisconnectStage.Life(connection, in, disconnect);
        return new Stages(
                new DisconnectStage(connection.upstream(), life), new DisconnectStage(connection.downstream(), life));
    }

    static boolean isKnown(Fault fault) {
        return ALL.containsKey(fault.getClass());
    }

    static Stages stages(Connection connection, LinkFault in, Fault fault) {
        Maker<Fault> maker = ALL.get(fault.getClass());
        return maker == null ? Stages.NONE : maker.make(connection, in, fault);
    }
}
