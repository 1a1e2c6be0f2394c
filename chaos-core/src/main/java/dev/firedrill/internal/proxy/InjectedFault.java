package dev.firedrill.internal.proxy;

import static java.util.Objects.requireNonNull;

import dev.firedrill.Link;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.MessageFault;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Effects;
import dev.firedrill.spi.Occurrence;
import org.jspecify.annotations.Nullable;

/** One occurrence of a fault on one link. */
final class InjectedFault extends LinkFault {

    private final Fault fault;
    private final int place;
    private final Link link;
    private final Draw draw;
    private final Effects effects;
    private final @Nullable Protocol protocol;

    InjectedFault(Occurrence occurrence, Link link) {
        this.fault = occurrence.step().fault();
        this.place = occurrence.step().place();
        this.link = link;
        this.draw = occurrence.draw();
        this.effects = occurrence.effects();
        this.protocol = fault instanceof MessageFault message ? new Protocol(message.messages()) : null;
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
    void touched(Connection connection) {
        effects.touched(link, connection.isOfTest());
    }

    @Override
    Protocol protocol() {
        return requireNonNull(protocol, "protocol");
    }

    @Override
    void unread(String what) {
        effects.unread(link, what);
    }

    @Override
    boolean refuses(Connection connection) {
        return fault instanceof Refuse && connection.isHit(draw);
    }

    @Override
    long keepsWaiting(Connection connection) {
        return fault instanceof SlowConnect slow && connection.isHit(draw)
                ? slow.delay().toNanos()
                : 0;
    }

    @Override
    Kinds.Stages stages(Connection connection) {
        return Kinds.stages(connection, this, fault);
    }
}
