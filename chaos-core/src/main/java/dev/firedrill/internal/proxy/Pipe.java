package dev.firedrill.internal.proxy;

import static java.util.Objects.requireNonNull;

import dev.firedrill.fault.Direction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One direction of a connection: what its source sends passes through the stages into its sink. It is the handler of its
 * source channel. The source is read only while the sink takes bytes and no stage is full.
 */
final class Pipe extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger("dev.firedrill");

    private static final int MAX_MESSAGE = 1 << 10;
    private static final int FIRST_BYTES = 16;

    private final Connection connection;
    private final Direction direction;
    private List<Stage> stages = List.of();
    private boolean choosing;
    private @Nullable Tail tail;
    private @Nullable Channel source;
    private @Nullable Stage first;
    private long offset;
    private long base;
    private final byte[] firstBytes = new byte[FIRST_BYTES];
    private long turn;
    private long burst;
    private boolean inBurst;
    private boolean ended;
    private boolean broken;
    private boolean delivered;
    private boolean swallowed;
    private boolean discarding;
    private boolean open;
    private @Nullable List<ByteBuf> early;
    private Stage.@Nullable End earlyEnd;

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

    /** From now on its source is read, in full view of what came unasked before: epoll tells of an end at once. */
    void open() {
        open = true;
        List<ByteBuf> bytes = early;
        if (bytes != null) {
            early = null;
            bytes.forEach(this::take);
            readComplete();
        }
        Stage.End end = earlyEnd;
        if (end != null) {
            earlyEnd = null;
            end(end);
        }
        if (source != null && source.isOpen() && !ended) {
            source.config().setAutoRead(true);
        }
    }

    // ---- stages

    /** From now on the way leads through these, in this order. What one that is missing held has been passed on before. */
    void leadThrough(List<Stage> order) {
        stages = List.copyOf(order);
        choosing = false;
        for (Stage stage : stages) {
            choosing |= stage.choosesMessages();
        }
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
        if (early != null) {
            early.forEach(ByteBuf::release);
            early = null;
        }
        throttle();
    }

    /** Says whether nothing is to reach its sink any more. */
    boolean isDiscarding() {
        return discarding;
    }

    /** After a burst of bytes: sends them off, and reads on or pauses. */
    void settle() {
        if (tail != null) {
            tail.flush();
            throttle();
        }
    }

    private void throttle() {
        if (source == null || tail == null || ended || broken || earlyEnd != null) {
            return;
        }
        boolean read = discarding || (tail.isWritable() && !isFull());
        if (source.config().isAutoRead() != read) {
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

    /** How many bytes its source has sent. */
    long offset() {
        return offset;
    }

    /** The offset of the first byte that its source has sent since the other side spoke last. */
    long turn() {
        return turn;
    }

    /** Chance counts from here. */
    void countAnew() {
        base = offset;
    }

    /** Where chance has begun to count. */
    long base() {
        return base;
    }

    /** Says whether nothing has come yet. */
    boolean isFresh() {
        return offset == 0;
    }

    /** Says whether a message of that offset is the first of what one side says until the other speaks. */
    boolean isTurn(long message) {
        return message == turn;
    }

    /** What was said first, as far as it tells a protocol from others. */
    ByteBuffer firstBytes() {
        return ByteBuffer.wrap(firstBytes, 0, (int) Math.min(FIRST_BYTES, offset))
                .asReadOnlyBuffer();
    }

    /** What chance knows a message by: its offset since it was counted anew. */
    long unit(long message) {
        return message - base;
    }

    /** The number of bytes that arrived together last; effects are counted once for each. */
    long burst() {
        return burst;
    }

    boolean hasEnded() {
        return ended;
    }

    // ---- what has become of its end

    /** Its sink has been told. */
    void endDelivered() {
        delivered = true;
    }

    /** A fault keeps it from its sink. */
    void endSwallowed() {
        swallowed = true;
    }

    boolean isDelivered() {
        return delivered;
    }

    boolean isSwallowed() {
        return swallowed;
    }

    /** Says whether its source has ended, and nothing of it is on its way to its sink any more. */
    boolean isOver() {
        return ended && (delivered || swallowed || discarding);
    }

    // ---- the source's events

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        ByteBuf bytes = (ByteBuf) read;
        if (!open && !discarding) {
            early = early == null ? new ArrayList<>() : early;
            early.add(bytes);
        } else {
            take(bytes);
        }
    }

    private void take(ByteBuf bytes) {
        int length = bytes.readableBytes();
        if (length == 0) {
            bytes.release();
            return;
        }
        boolean begins = !inBurst;
        if (begins) {
            inBurst = true;
            burst++;
        }
        if (offset < FIRST_BYTES) {
            bytes.getBytes(bytes.readerIndex(), firstBytes, (int) offset, (int) Math.min(length, FIRST_BYTES - offset));
        }
        connection.front().passed(connection, direction, length, begins);
        if (connection.isTurnOf(direction)) {
            turn = offset;
        }
        pass(bytes);
        throttle();
    }

    /** By messages, which are what one side says until the other speaks, cut where it is long: reads have no say in it. */
    private void pass(ByteBuf bytes) {
        int rest = bytes.readableBytes();
        while (choosing && !discarding && rest > room()) {
            int length = room();
            long message = message();
            offset += length;
            rest -= length;
            requireNonNull(first, "first").bytes(bytes.readRetainedSlice(length), message);
        }
        long message = message();
        offset += rest;
        if (discarding || first == null) {
            bytes.release();
        } else {
            first.bytes(bytes, message);
        }
    }

    /** The offset of the first byte of the message that the next byte belongs to. */
    private long message() {
        return offset - (offset - turn) % MAX_MESSAGE;
    }

    private int room() {
        return (int) (MAX_MESSAGE - (offset - turn) % MAX_MESSAGE);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        readComplete();
    }

    private void readComplete() {
        inBurst = false;
        settle();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !ended) {
            Transport.get().inputEnded().accept(context.channel());
            end(Stage.End.FIN);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.opposite(this).throttle();
    }

    /** A read or a write failed: the peer is gone, unless it is our own fault, which nobody should have to guess. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!(cause instanceof IOException)) {
            LOG.warn(
                    "link {}: a connection is reset by no fault of the test",
                    connection.front().name(),
                    cause);
        }
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
        if (!open) {
            earlyEnd = end;
            return;
        }
        ended = true;
        connection.ended(this);
        if (!discarding && first != null) {
            first.end(end);
            settle();
        }
    }
}
