package dev.firedrill.internal.proxy;

import static java.util.Objects.requireNonNull;

import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.MessageFault;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.internal.proxy.Kinds.Stages;
import dev.firedrill.schedule.Chance;
import dev.firedrill.spi.Draw;
import org.jspecify.annotations.Nullable;

/** A toxic in force on a proxy. */
final class ToxicFault extends LinkFault {

    private final Toxic toxic;
    private final int place;
    private final Chance chance;
    private final Draw draw;
    private final @Nullable Protocol protocol;
    private boolean told;

    /**
     * {@code order}: the number of its creation. In each direction the one that was created first is passed first. {@code old} is
     * what it replaces: if it hits as often, it goes on counting.
     */
    ToxicFault(Toxic toxic, int order, Chance proxy, @Nullable ToxicFault old) {
        this.toxic = toxic;
        this.place = toxic.stream().coversUpstream() ? order : -order;
        Chance own = proxy.at(toxic.name());
        this.chance = own.at("toxicity");
        this.draw = old != null && old.toxic.schedule().equals(toxic.schedule())
                ? old.draw
                : new Draw(toxic.name(), toxic.schedule(), own, choice -> {});
        this.told = old != null && old.told && old.toxic.fault().equals(toxic.fault());
        this.protocol = toxic.fault() instanceof MessageFault message ? new Protocol(message.messages()) : null;
    }

    Toxic toxic() {
        return toxic;
    }

    @Override
    int place() {
        return place;
    }

    @Override
    Draw draw() {
        return draw;
    }

    @Override
    void touched(Connection connection) {}

    @Override
    Protocol protocol() {
        return requireNonNull(protocol, "protocol");
    }

    /** There is no report that could tell; it is of the protocol, not of one connection. */
    @Override
    void unread(String what) {
        if (!told) {
            told = true;
            ProxyLine.LOG.warn("toxic {}: {} (said once for it)", toxic.name(), what);
        }
    }

    private boolean actsOn(Connection connection) {
        return toxic.toxicity() >= 1 || chance.uniform(connection.ordinal()) < toxic.toxicity();
    }

    @Override
    boolean refuses(Connection connection) {
        return toxic.fault() instanceof Refuse && actsOn(connection) && connection.isHit(draw);
    }

    @Override
    long keepsWaiting(Connection connection) {
        return toxic.fault() instanceof SlowConnect slow && actsOn(connection)
                ? slow.delay().toNanos()
                : 0;
    }

    /** Toxiproxy's passes on at once that a side has ended. */
    @Override
    boolean swallowsEnds() {
        return false;
    }

    /** Toxiproxy's waits with the first bytes in its hand. */
    @Override
    boolean swallowsUntilReset() {
        return true;
    }

    @Override
    boolean endsWhenHealed(Connection connection) {
        return toxic.closes() && actsOn(connection);
    }

    @Override
    boolean spares(Connection connection) {
        return !actsOn(connection);
    }

    @Override
    Stages stages(Connection connection) {
        if (spares(connection) && !(toxic.fault() instanceof LimitData)) {
            return Stages.NONE;
        }
        Stages stages = Kinds.stages(connection, this, toxic.fault());
        // the bytes of either direction would set it off
        return toxic.fault() instanceof ResetPeer
                ? Stages.of(toxic.stream(), stages.upstream(), stages.downstream())
                : stages;
    }
}
