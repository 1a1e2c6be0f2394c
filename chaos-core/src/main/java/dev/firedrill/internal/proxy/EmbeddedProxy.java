package dev.firedrill.internal.proxy;

import static java.util.Objects.requireNonNull;

import dev.firedrill.ChaosException;
import dev.firedrill.Link;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.KillBeforeReply;
import dev.firedrill.fault.MessageFault;
import dev.firedrill.internal.Front;
import dev.firedrill.internal.Loopback;
import dev.firedrill.internal.NetworkEngine;
import dev.firedrill.internal.message.Framers;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Occurrence;
import dev.firedrill.spi.Prepared;
import dev.firedrill.spi.Resolved;
import dev.firedrill.spi.Support;
import dev.firedrill.spi.TimeSource;
import dev.firedrill.spi.UndoRecord;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The network engine inside this JVM: a TCP proxy with one thread for all links.
 *
 * <p>The thread {@value IoThread#NAME} starts with the first link and is gone when {@link #close} returns. Control methods
 * return once the change is in force for every later byte, and never wait for a peer. Safe for concurrent use.
 */
public final class EmbeddedProxy implements NetworkEngine {

    private final TimeSource time;
    private final Dialler.Names names;
    private final Map<Link, LinkFront> fronts = new HashMap<>(); // guarded by this, as are the fields below
    private @Nullable IoThread io;
    private boolean closed;

    /**
     * An engine without links and without a thread.
     *
     * @param time the clock of the delays
     */
    public EmbeddedProxy(TimeSource time) {
        this(time, InetAddress::getAllByName);
    }

    /**
     * Begins to load what the first link will need, on a thread that goes when it is done: a tenth of a second in which
     * whoever starts has other things to do. Failures are left to whoever needs it.
     */
    public static void load() {
        Thread thread = new Thread(EmbeddedProxy::loadQuietly, "firedrill-load");
        thread.setDaemon(true);
        thread.start();
    }

    private static void loadQuietly() {
        try {
            Sockets.load();
        } catch (ReflectiveOperationException | LinkageError e) {
            // it is needed by nobody yet
        }
    }

    EmbeddedProxy(TimeSource time, Dialler.Names names) {
        this.time = requireNonNull(time, "time");
        this.names = names;
    }

    @Override
    public String name() {
        return "embedded";
    }

    @Override
    public Front open(Link link, Supplier<InetSocketAddress> upstream) {
        return open(link, upstream, () -> {});
    }

    /**
     * Opens the listening end of a link, as {@link #open(Link, Supplier)} does.
     *
     * @param link the link
     * @param upstream asked anew for each connection
     * @param closed called when the front has been closed
     * @return the front
     */
    public synchronized Front open(Link link, Supplier<InetSocketAddress> upstream, Runnable closed) {
        checkOpen("link " + link.name() + " can't be opened");
        if (fronts.containsKey(link)) {
            throw new IllegalStateException("link " + link.name() + " is open already, at "
                    + fronts.get(link).address() + "; close its front before opening another");
        }
        if (io == null) {
            io = thread();
        }
        Dialler dialler = new Dialler(upstream, names, io);
        LinkFront front =
                new LinkFront(Line.of(link), dialler, io, time, () -> forget(link), closed).listen(Loopback.at(0));
        fronts.put(link, front);
        return front;
    }

    private static IoThread thread() {
        try {
            return new IoThread();
        } catch (NoClassDefFoundError e) {
            throw new ChaosException(
                    "the embedded proxy needs Netty, which is not on the class path; add the artifact"
                            + " io.netty:netty-handler (dev.firedrill:chaos-junit5 brings it)",
                    e);
        }
    }

    private void checkOpen(String attempt) {
        if (closed) {
            throw new IllegalStateException(attempt + ", because the embedded proxy is closed; make a new one");
        }
    }

    private synchronized void forget(Link link) {
        fronts.remove(link);
    }

    @Override
    public Support supports(Fault fault, Resolved target) {
        if (fault instanceof KillBeforeReply) {
            return Support.no(""); // whoever holds the node asks for its share
        }
        if (fault instanceof MessageFault message) {
            String reason = unread(message);
            if (reason != null) {
                return Support.no(reason);
            }
        }
        if (Kinds.isKnown(fault)) {
            return Support.YES;
        }
        return Support.no(
                fault.place() == Fault.Place.NODE
                        ? "the embedded proxy carries links only; " + fault.kind()
                                + " acts on a node and needs an engine that holds it, such as the one of a service that"
                                + " Firedrill starts"
                        : "the embedded proxy does not know " + fault.kind()
                                + "; register an engine of your own that makes it on links");
    }

    /**
     * Says whether the messages that a fault means can be told.
     *
     * @param fault the fault
     * @return null if they can, or why not
     */
    public static @Nullable String unread(MessageFault fault) {
        String framing = fault.messages().framing();
        try {
            if (!framing.isEmpty()) {
                Framers.named(framing);
            }
            return null;
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public Prepared prepare(Occurrence occurrence) {
        Fault fault = occurrence.step().fault();
        Support support = supports(fault, occurrence.target());
        if (!support.yes()) {
            throw new IllegalArgumentException(occurrence.step().id() + ": " + support.reason());
        }
        return new Prepared() {
            @Override
            public UndoRecord undo() {
                return UndoRecord.DIES_WITH_JVM;
            }

            @Override
            public ActiveFault activate() {
                return EmbeddedProxy.this.activate(occurrence, InjectedFault::new);
            }
        };
    }

    /**
     * Withholds replies to the requests that a {@link KillBeforeReply} means, and counts each.
     *
     * @param occurrence the fault, whose other half is the caller's, and the links
     * @return what withholds, until it is healed
     */
    public ActiveFault withhold(Occurrence occurrence) {
        return activate(occurrence, InjectedFault::new);
    }

    /**
     * Counts what passes over links on whose way another engine makes a fault.
     *
     * @param occurrence the fault, which this engine does not make, and the links
     * @return what counts, until it is healed
     */
    public ActiveFault watch(Occurrence occurrence) {
        return activate(occurrence, WatchedFault::new);
    }

    private ActiveFault activate(Occurrence occurrence, BiFunction<Occurrence, Link, LinkFault> kind) {
        String step = occurrence.step().id();
        Map<LinkFront, LinkFault> places = new LinkedHashMap<>();
        IoThread thread;
        synchronized (this) {
            checkOpen(step + " can't be injected");
            for (Link link : occurrence.target().links()) {
                places.put(front(step, link), kind.apply(occurrence, link));
            }
            thread = io;
        }
        if (places.isEmpty() || thread == null) {
            throw new IllegalArgumentException(step + ": the target "
                    + occurrence.step().target() + " selects no link, so that there is nowhere to put the fault");
        }
        ActiveFault active = () -> heal(step, thread, places);
        thread.run("inject " + step, () -> {
            try {
                places.forEach(LinkFront::inject);
            } catch (RuntimeException e) {
                places.forEach(LinkFront::heal);
                throw e;
            }
        });
        return active;
    }

    private LinkFront front(String step, Link link) {
        LinkFront front = fronts.get(link);
        if (front == null) {
            throw new IllegalArgumentException(step + ": link " + link.name()
                    + " is not open on the embedded proxy; open are "
                    + fronts.keySet().stream().map(Link::name).sorted().toList());
        }
        return front;
    }

    /** May be repeated: what is not there is not taken away. */
    private static void heal(String step, IoThread thread, Map<LinkFront, LinkFault> places) {
        try {
            thread.run("heal " + step, () -> places.forEach(LinkFront::heal));
        } catch (RejectedExecutionException e) {
            // the engine is closed, and the links with their faults are gone
        }
    }

    @Override
    public String undo(UndoRecord record) {
        return ""; // sockets die with their JVM
    }

    @Override
    public void close() {
        List<LinkFront> open;
        IoThread thread;
        synchronized (this) {
            closed = true;
            open = List.copyOf(fronts.values());
            thread = io;
            io = null;
        }
        if (open.isEmpty() && thread == null) {
            return; // without a link nothing of Netty is touched: it may be missing
        }
        try {
            open.forEach(LinkFront::close);
        } finally {
            // takes the sockets of those links along that could not be closed one by one
            if (thread != null) {
                thread.close();
            }
        }
    }
}
