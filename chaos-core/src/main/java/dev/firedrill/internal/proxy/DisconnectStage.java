package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Disconnect;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Passes on everything until the connection is old enough, then an end, which waits behind it, and nothing more. */
final class DisconnectStage extends Stage {

    private final Pipe pipe;
    private final Life life;
    private boolean ended;

    DisconnectStage(Pipe pipe, Life life) {
        this.pipe = pipe;
        this.life = life;
    }

    @Override
    void begin() {
        life.begin(this);
    }

    @Override
    void inherit(Stage from) {
        if (from instanceof DisconnectStage other) {
            ended = other.ended;
            life.since = other.life.since;
        }
    }

    @Override
    void bytes(ByteBuf bytes, long message) {
        if (ended) {
            bytes.release();
        } else {
            next().bytes(bytes, message);
        }
    }

    @Override
    void end(End end) {
        if (!ended || end == End.RST) {
            ended = true;
            next().end(end);
        }
    }

    private void cut() {
        end(End.FIN);
        pipe.settle();
    }

    @Override
    void release() {
        life.goOn();
    }

    @Override
    void drop() {
        life.goOn();
    }

    /** What both directions of a connection share. */
    static final class Life {

        private final Connection connection;
        private final LinkFault fault;
        private final long age;
        private @Nullable DisconnectStage first;
        private long since;
        private Deadlines.@Nullable Wake wake;

        Life(Connection connection, LinkFault fault, Disconnect disconnect) {
            this.connection = connection;
            this.fault = fault;
            this.age = disconnect.age().toNanos();
            this.since = connection.front().deadlines().now();
        }

        private void begin(DisconnectStage stage) {
            DisconnectStage other = first;
            if (other == null) {
                first = stage;
            } else if (connection.isHit(fault.draw())) {
                wake = connection.front().deadlines().at(since + age, () -> end(other, stage));
            }
        }

        private void end(DisconnectStage one, DisconnectStage other) {
            if (!one.ended || !other.ended) {
                fault.touched(connection);
            }
            one.cut();
            other.cut();
        }

        private void goOn() {
            connection.front().deadlines().cancel(wake);
            wake = null;
        }
    }
}
