package dev.firedrill.internal.proxy;

import static java.util.Objects.requireNonNull;

import dev.firedrill.ChaosException;
import dev.firedrill.Link;
import dev.firedrill.fault.Direction;
import dev.firedrill.internal.Front;
import dev.firedrill.spi.Effects;
import dev.firedrill.spi.TimeSource;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening end of a link, its connections and the faults in force on it. */
final class LinkFront implements Front {

    private static final Logger LOG = LoggerFactory.getLogger("dev.firedrill");

    /** Each takes two file descriptors, of which a process often has no more than twenty thousand. */
    private static final int MAX_CONNECTIONS = 8_192;

    private static final String TOO_LATE = "nothing answered within " + Sockets.CONNECT_SECONDS + "s";

    private final Line line;
    private final String name;
    private final IoThread io;
    private final Dialler dialler;
    private final Bootstrap connecting;
    private final Deadlines deadlines;
    private final Runnable onClose;
    private final Runnable closed;
    private final int most;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong turnedAway = new AtomicLong();
    private final AtomicLong upstreamBytes = new AtomicLong();
    private final AtomicLong downstreamBytes = new AtomicLong();
    private @Nullable Channel listener;
    private @Nullable InetSocketAddress address;

    /** In the order of declaration, those of the same place in the order of activation; replaced as a whole. */
    private volatile List<LinkFault> faults = List.of();

    // confined to the io thread
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final ChannelGroup parting; // which lets go of what is closed
    private final Admission admission = new Admission(this);
    private boolean crowded;
    private int counted;
    private int countedOfProbes;
    private Sight sight = Sight.UP;
    private Effects effects = Effects.NONE;

    LinkFront(Line line, Dialler dialler, IoThread io, TimeSource time, Runnable onClose, Runnable closed) {
        this(line, dialler, io, time, onClose, closed, MAX_CONNECTIONS);
    }

    LinkFront(Line line, Dialler dialler, IoThread io, TimeSource time, Runnable onClose, Runnable closed, int most) {
        this.most = most;
        this.line = line;
        this.name = line.name();
        this.io = io;
        this.onClose = onClose;
        this.closed = closed;
        this.dialler = dialler;
        this.connecting = Sockets.connecting(io.loop());
        this.deadlines = new Deadlines(time, io.loop());
        this.parting = new DefaultChannelGroup(io.loop());
    }

    /**
     * Begins to accept.
     *
     * @throws ChaosException if the address can't be had
     */
    LinkFront listen(InetSocketAddress at) {
        Channel channel = Sockets.listen(name, at, io.loop(), this::accept);
        listener = channel;
        address = (InetSocketAddress) channel.localAddress();
        return this;
    }

    String name() {
        return name;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    Budget budget() {
        return io.budget();
    }

    List<LinkFault> faults() {
        return faults;
    }

    @Override
    public InetSocketAddress address() {
        return requireNonNull(address, "address");
    }

    @Override
    public Link.Traffic traffic() {
        return new Link.Traffic(accepted.get(), upstreamBytes.get(), downstreamBytes.get());
    }

    @Override
    public long turnedAway() {
        return turnedAway.get();
    }

    // ---- connections

    private void accept(Channel client) {
        if (isFull()) {
            everyConnection().forEach(Connection::leaveIfOver);
        }
        if (isFull()) {
            turnAwayForGood(client);
            return;
        }
        Connection connection = new Connection(this, client);
        connection.usedBy(line.isLookedAt());
        accepted.incrementAndGet();
        client.pipeline().addLast(connection.upstream());
        connections.add(connection);
        switch (sight) {
            case RESET -> {
                touched(connection);
                connection.reset();
            }
            case SILENT -> {
                touched(connection);
                connection.silence();
            }
            case FROZEN -> {
                touched(connection);
                admission.admit(connection);
            }
            case UP, CHANGING -> admission.admit(connection);
        }
    }

    private boolean isFull() {
        return connections.size() + parting.size() / 2 >= most;
    }

    private void turnAwayForGood(Channel client) {
        turnedAway.incrementAndGet();
        if (!crowded) {
            crowded = true;
            LOG.warn(
                    "link {}: {} connections are open, which is the most that it takes. Further ones are reset, and no fault is"
                            + " to blame for that. Does the system forget to close its connections?",
                    name,
                    most);
        }
        Farewell.rst(client);
    }

    void dial(Connection connection) {
        // covers the supplier and the name service; connecting has a bound of its own as well
        long latest = deadlines.now() + TimeUnit.SECONDS.toNanos(Sockets.CONNECT_SECONDS);
        Deadlines.Wake late = deadlines.at(latest, () -> turnAway(connection, TOO_LATE));
        dialler.find(way -> connect(connection, way, 0, late));
    }

    private void connect(Connection connection, Dialler.Way way, int index, Deadlines.Wake late) {
        if (!connection.isDialling() || index == way.addresses().size()) {
            deadlines.cancel(late);
            turnAway(connection, way.why());
            return;
        }
        ChannelFuture connected = connecting.connect(way.addresses().get(index));
        connected.addListener(done -> {
            if (!done.isSuccess()) {
                connect(connection, way.failed(done.cause()), index + 1, late);
                return;
            }
            deadlines.cancel(late);
            line.reached();
            if (!connection.connected(connected.channel())) {
                Farewell.rst(connected.channel());
            }
        });
    }

    private void turnAway(Connection connection, String why) {
        if (connection.isDialling()) {
            line.unreachable(dialler.to(), why);
            if (sight == Sight.CHANGING) {
                touched(connection);
            }
            connection.reset();
        }
    }

    /** Bytes were read; {@code begins} if they are the first of a message. */
    void passed(Connection connection, Direction direction, int length, boolean begins) {
        AtomicLong bytes = direction == Direction.UPSTREAM ? upstreamBytes : downstreamBytes;
        bytes.lazySet(bytes.get() + length); // there is one writer
        if (begins && direction == Direction.UPSTREAM) {
            connection.usedBy(line.isLookedAt());
            if ((sight == Sight.FROZEN || sight == Sight.SILENT) && !connection.isHalfOpen()) {
                touched(connection);
            }
            connection.spoken();
        } else if (begins) {
            connection.answered();
        }
    }

    /** The node ended a connection that its caller had not ended; whoever was idle has not met the fault by that. */
    void nodeClosed(Connection connection) {
        if (sight != Sight.CHANGING) {
            return;
        }
        if (connection.isInUse()) {
            touched(connection);
        } else {
            connection.lostBy(effects);
        }
    }

    /** Its caller spoke on a connection whose node a fault had taken, be the node back by now or not. */
    void missed(Connection connection, Effects by) {
        line.touched(by, connection.isOfTest());
    }

    private void touched(Connection connection) {
        line.touched(effects, connection.isOfTest());
    }

    boolean isLookedAt() {
        return line.isLookedAt();
    }

    /** The probes' connections have numbers of their own: how many there are depends on time, not on the test. */
    int nextNumber(boolean ofProbe) {
        return ofProbe ? countedOfProbes++ : counted++;
    }

    /** It has ended for us, but its peer has not taken all of it yet. */
    void part(Channel channel) {
        parting.add(channel);
    }

    void forget(Connection connection) {
        connections.remove(connection);
        admission.forget(connection);
    }

    // ---- control, on the io thread

    void inject(LinkFault fault) {
        List<LinkFault> longer = new ArrayList<>(faults);
        int at = longer.size();
        while (at > 0 && longer.get(at - 1).place() > fault.place()) {
            at--;
        }
        longer.add(at, fault);
        faults = List.copyOf(longer);
        everyConnection().forEach(connection -> connection.inject(fault));
    }

    void heal(LinkFault fault) {
        List<LinkFault> shorter = new ArrayList<>(faults);
        if (shorter.remove(fault)) {
            faults = List.copyOf(shorter);
            everyConnection().forEach(connection -> connection.heal(fault));
            admission.heal(fault);
        }
    }

    /** One that takes over what another holds. */
    void replace(LinkFault old, LinkFault fresh) {
        List<LinkFault> changed = new ArrayList<>(faults);
        changed.set(changed.indexOf(old), fresh);
        faults = List.copyOf(changed);
        everyConnection().forEach(connection -> connection.replace(old, fresh));
        admission.replace(old, fresh);
    }

    private List<Connection> everyConnection() {
        return List.copyOf(connections); // one that is reset takes itself out
    }

    private void look(Sight to, Effects counter) {
        boolean wasSilent = sight == Sight.SILENT;
        sight = to;
        effects = to == Sight.UP ? Effects.NONE : counter;
        for (Connection connection : everyConnection()) {
            if (connection.awaitsReply() && (to == Sight.RESET || to == Sight.SILENT || to == Sight.FROZEN)) {
                touched(connection);
            }
            connection.nodeChanges();
            if (to == Sight.RESET) {
                connection.nodeIsGone(counter);
            } else if (to == Sight.SILENT) {
                connection.silence();
            } else if (wasSilent && connection.isSilent()) {
                connection.reset();
            }
        }
    }

    private void number() {
        counted = 0;
        countedOfProbes = 0;
        crowded = false;
        connections.forEach(Connection::number);
    }

    // ---- control, from any thread

    @Override
    public void countAnew() {
        try {
            io.run("count the connections of " + name, this::number);
        } catch (RejectedExecutionException e) {
            // the engine is closed: there is nothing left to count
        }
    }

    @Override
    public void settle() {
        try {
            io.letGo("see what has reached " + name);
        } catch (RejectedExecutionException | CancellationException e) {
            // the engine is closed: nothing reaches it any more
        }
    }

    @Override
    public void show(Sight to, Effects counter) {
        try {
            io.run("show " + name + " as " + to, () -> look(to, counter));
        } catch (RejectedExecutionException e) {
            // the engine is closed: there is nobody left to look
        }
    }

    @Override
    public void close() {
        onClose.run();
        dialler.close();
        try {
            io.run("close " + name, () -> {
                if (listener != null) {
                    Sockets.close(listener);
                }
                everyConnection().forEach(Connection::close);
                parting.forEach(Sockets::close);
                deadlines.clear();
            });
            io.letGo("close " + name);
        } catch (RejectedExecutionException | CancellationException e) {
            // the engine is closed, and every socket with it
        } finally {
            closed.run();
        }
    }
}
