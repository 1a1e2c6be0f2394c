package dev.firedrill.internal.proxy;

import static java.util.Objects.requireNonNull;

import dev.firedrill.fault.Direction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: what its source sends passes through the stages into its sink. It is the handler of its
 * source channel. The source is read only while the sink takes bytes and no stage is full.
 */
final class Pipe extends ChannelInboundHandlerAdapter {

    private final Connection connection;
    private final Direction direction;
    private List<Stage> stages = List.of();
    private @Nullable Tail tail;
    private @Nullable Channel source;
    private @Nullable Stage first;
    private long offset;
    private long message = -1;
    private boolean ended;
    private boolean broken;
    private boolean discarding;

    Pipe(Connection connection, Direction direction) {
        this.connection = connection;
        this.direction = direction;
    }

    Connection connection() {
        return connection;
    }

    Direction direction() {
        return direction;
    }

    void from(Channel channel) {
        source = channel;
    }

    /** Both ends are there; nothing has been read yet. */
    void to(Channel to) {
        tail = new Tail(this, to);
        first = tail;
    }

    // ---- stages

    /** From now on the way leads through these, in this order. What one that is missing held has been passed on before. */
    void leadThrough(List<Stage> order) {
        stages = List.copyOf(order);
        link();
        settle();
    }

    private void link() {
        Stage next = requireNonNull(tail, "tail");
        for (int i = stages.size() - 1; i >= 0; i--) {
            stages.get(i).leadsTo(next);
            next = stages.get(i);
        }
        first = next;
    }

    /** Lets go of all that is held, and of all that is still to come. */
    void discard() {
        discarding = true;
        for (Stage stage : stages) {
            stage.drop();
        }
        throttle();
    }

    /** After a burst of bytes: sends them off, and reads on or pauses. */
    void settle() {
        if (tail != null) {
            tail.flush();
            throttle();
        }
    }

    private void throttle() {
        if (source == null || tail == null) {
            return;
        }
        boolean read = discarding || (tail.isWritable() && !isFull());
        if (source.config().isAutoRead() != read && !broken) {
            source.config().setAutoRead(read);
        }
    }

    private boolean isFull() {
        for (int i = 0; i < stages.size(); i++) { // no iterator on the hot path
            if (stages.get(i).isFull()) {
                return true;
            }
        }
        return false;
    }

    /** Says whether a stage keeps something back. */
    boolean isHolding() {
        return stages.stream().anyMatch(Stage::isHolding);
    }

    void countAnew() {
        offset = 0;
    }

    boolean hasEnded() {
        return ended;
    }

    // ---- the source's events

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        ByteBuf bytes = (ByteBuf) read;
        int length = bytes.readableBytes();
        if (length == 0) {
            bytes.release();
            return;
        }
        boolean begins = message < 0;
        if (begins) {
            message = offset;
        }
        offset += length;
        connection.front().passed(connection, direction, length, begins);
        if (discarding || first == null) {
            bytes.release();
            return;
        }
        first.bytes(bytes, message);
        throttle();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        message = -1;
        settle();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !ended) {
            end(Stage.End.FIN);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.opposite(this).throttle();
    }

    /** A read or a write failed: the peer is gone. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        breakOff();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        breakOff();
    }

    private void breakOff() {
        if (broken || source == null) {
            return;
        }
        broken = true;
        Sockets.close(source);
        connection.opposite(this).discard(); // there is nobody left to send it to
        end(Stage.End.RST);
    }

    private void end(Stage.End end) {
        ended = true;
        connection.ended(this);
        if (!discarding && first != null) {
            first.end(end);
            settle();
        }
    }
}
