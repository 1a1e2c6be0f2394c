package dev.firedrill;

import dev.firedrill.internal.container.ContainerControl;
import dev.firedrill.internal.container.ContainerRoom;
import dev.firedrill.internal.container.ContainerUndo;
import dev.firedrill.internal.container.FirstStart;
import dev.firedrill.internal.journal.Journal;
import dev.firedrill.internal.process.ProcessUndo;
import dev.firedrill.internal.proxy.EmbeddedProxy;
import dev.firedrill.internal.toxiproxy.ToxiproxyEngine;
import dev.firedrill.schedule.Chance;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Engine;
import dev.firedrill.spi.Occurrence;
import dev.firedrill.spi.Prepared;
import dev.firedrill.spi.TimeSource;
import dev.firedrill.spi.UndoRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all scopes of a {@link Chaos} stand on: seed, clock, journal, engines, links, and what is in force. */
final class Ground {

    private static final Logger LOG = LoggerFactory.getLogger(Chaos.class);

    private final long seed;
    private final String repeat;
    private final boolean enabled;
    private final TimeSource time;
    private final Duration sayEvery;
    private final Path home;
    private final @Nullable Path reports;
    private final @Nullable Replay replay;
    private final Journal journal;
    private final List<String> leftovers;
    private final AtomicBoolean told = new AtomicBoolean();
    private final List<Engine> engines = new ArrayList<>();
    private final Links links;
    private final Ways ways;
    private final ContainerRoom containers;
    private final boolean behindToxiproxy;
    private final boolean sharedToxiproxy;
    private final List<Service> services = new ArrayList<>(); // guarded by this
    private final List<ActiveFault> active = new CopyOnWriteArrayList<>();
    private final Thread shutdownHook;
    private boolean closed; // guarded by this

    Ground(Chaos.Builder settings) {
        EmbeddedProxy.load();
        time = settings.time;
        sayEvery = settings.sayEvery;
        enabled = settings.enabled;
        repeat = settings.repeat;
        reports = settings.reports == null ? null : settings.reports.toAbsolutePath();
        replay = settings.replay == null ? null : Replay.of(settings.replay);
        seed = chooseSeed(settings.seed);
        home = Homes.prepare(settings.home);
        ProcessUndo processes = new ProcessUndo(home);
        EmbeddedProxy embedded = new EmbeddedProxy(time);
        NodeEngine nodes = new NodeEngine(
                embedded, record -> ContainerUndo.knows(record) ? ContainerUndo.undo(record) : processes.undo(record));
        leftovers = Journal.recover(home, record -> undo(settings.engines, nodes, record));
        leftovers.forEach(line -> LOG.warn("An earlier run was cut off: {}", line));
        journal = Journal.open(home, time);
        try {
            String run = run();
            sharedToxiproxy = settings.toxiproxy != null;
            behindToxiproxy = !settings.network.equals(Settings.EMBEDDED) && !sharedToxiproxy;
            containers = new ContainerRoom(journal, run);
            if (settings.network.equals(Settings.EMBEDDED)) {
                links = new Links(embedded);
                ways = new Ways(links, null, null);
            } else {
                ToxiproxyEngine toxiproxy = new ToxiproxyEngine(
                        embedded, settings.network.equals(Settings.TOXIPROXY), settings.toxiproxy, journal, run, time);
                engines.add(toxiproxy);
                links = new Links(toxiproxy);
                ways = new Ways(links, containers, sharedToxiproxy ? null : toxiproxy);
            }
            engines.add(embedded);
            engines.add(nodes);
            engines.addAll(settings.engines);
            shutdownHook = new Thread(this::shutDown, "firedrill-shutdown");
            Runtime.getRuntime().addShutdownHook(shutdownHook);
        } catch (RuntimeException | Error e) {
            journal.close();
            throw e;
        }
        LOG.debug("Chaos started with seed {}", seed);
    }

    /** A name that no other run has, on whatever machine its containers live. */
    private String run() {
        ProcessHandle self = ProcessHandle.current();
        long start = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return self.pid() + "-" + Long.toHexString(start) + "-" + Long.toHexString(time.nanos() & 0xFFFFFFFL);
    }

    private long chooseSeed(@Nullable Long chosen) {
        if (replay != null) {
            return replay.seed();
        }
        // short enough to be typed; where a fresh one comes from does not matter, for it is printed
        return chosen != null
                ? chosen
                : Chance.ofSeed(time.now().toEpochMilli() ^ time.nanos()).below(1_000_000);
    }

    private static String undo(List<Engine> own, NodeEngine nodes, UndoRecord record) {
        if (record.engine().equals(NodeEngine.NAME)) {
            return nodes.undo(record);
        }
        if (record.engine().equals(ToxiproxyEngine.NAME)) {
            return ToxiproxyEngine.undoOf(record);
        }
        for (Engine engine : own) {
            if (engine.name().equals(record.engine())) {
                return engine.undo(record);
            }
        }
        throw new ChaosException("no engine named " + record.engine() + " is here to undo " + record.what());
    }

    long seed() {
        return seed;
    }

    String howToRepeat() {
        return seed + " (" + repeat + (repeat.endsWith("=") ? seed : "(" + seed + ")") + ")";
    }

    boolean enabled() {
        return enabled;
    }

    TimeSource time() {
        return time;
    }

    Duration sayEvery() {
        return sayEvery;
    }

    Path home() {
        return home;
    }

    @Nullable
    Path reports() {
        return reports;
    }

    Journal journal() {
        return journal;
    }

    List<String> leftovers() {
        return leftovers;
    }

    /** For the report of the first experiment only; they are no news to the second. */
    List<String> tellLeftovers() {
        return told.getAndSet(true) ? List.of() : leftovers;
    }

    List<Engine> engines() {
        return engines;
    }

    Ways ways() {
        return ways;
    }

    ContainerRoom containers() {
        return containers;
    }

    boolean hasSharedToxiproxy() {
        return sharedToxiproxy;
    }

    /** Whether the test's way to a container leads through a Toxiproxy. */
    boolean isDiverted(ContainerControl container) {
        FirstStart first = container.first();
        return sharedToxiproxy || (behindToxiproxy && first != null && first.canBeDiverted());
    }

    Links links() {
        return links;
    }

    /** What an earlier run chose in the experiment of this id. */
    Replay.Choices replay(String id) {
        return replay == null ? Replay.Choices.NONE : replay.choices(id);
    }

    // ---- services and experiments

    synchronized void add(Service service) {
        checkOpen("service " + service.name());
        services.add(service);
    }

    synchronized void remove(Service service) {
        services.remove(service);
    }

    /** The services are the experiment's alone from now on, and {@code healer} is called if everything ends meanwhile. */
    synchronized void claim(Collection<Service> wanted, String experiment, ActiveFault healer) {
        checkOpen("experiment " + experiment);
        for (Service service : wanted) {
            service.checkStarted("experiment " + experiment);
            if (service.isBusy()) {
                throw new IllegalStateException("experiment " + experiment + ": another experiment runs on service "
                        + service.name() + "; run them one after another");
            }
        }
        wanted.forEach(service -> service.busy(true));
        active.add(healer);
    }

    synchronized void release(Collection<Service> wanted, ActiveFault healer) {
        wanted.forEach(service -> service.busy(false));
        active.remove(healer);
    }

    // ---- faults

    /** Journals how to undo an occurrence, and then makes it. */
    ActiveFault activate(Engine engine, Occurrence occurrence) {
        Prepared prepared = engine.prepare(occurrence);
        UndoRecord undo = prepared.undo();
        if (!undo.equals(UndoRecord.DIES_WITH_JVM) && !undo.engine().equals(engine.name())) {
            throw new IllegalStateException(
                    "engine " + engine.name() + " names \"" + undo.engine()
                            + "\" in its undo record, so that a later start would ask another engine to undo it; give its own name");
        }
        long entry = journal.write(undo);
        try {
            return new Journaled(prepared.activate(), journal, entry);
        } catch (RuntimeException e) {
            // after an Error nobody knows what the engine has undone: the record stays for the next start
            journal.done(entry);
            throw e;
        }
    }

    /** Healed once: a second heal must not cross out the record of one that failed. */
    private static final class Journaled implements ActiveFault {

        private final ActiveFault made;
        private final Journal journal;
        private final long entry;
        private boolean tried;

        Journaled(ActiveFault made, Journal journal, long entry) {
            this.made = made;
            this.journal = journal;
            this.entry = entry;
        }

        @Override
        public synchronized void heal() {
            if (!tried) {
                tried = true;
                made.heal();
                journal.done(entry);
            }
        }
    }

    /** Heals this too when everything ends; at once if that is so already. */
    void keep(ActiveFault fault, String what) {
        synchronized (this) {
            if (!closed) {
                active.add(fault);
                return;
            }
        }
        fault.heal();
        checkOpen(what);
    }

    void drop(ActiveFault fault) {
        active.remove(fault);
    }

    // ---- the end

    synchronized void checkOpen(String what) {
        if (closed) {
            throw new IllegalStateException(what + ": this Chaos is closed");
        }
    }

    private void shutDown() {
        try {
            closeAll();
        } catch (RuntimeException e) {
            LOG.error("Not everything could be healed while the JVM shut down", e);
        }
    }

    void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            LOG.trace("The JVM shuts down already", e);
        }
        closeAll();
    }

    private void closeAll() {
        List<Service> open;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = new ArrayList<>(services);
        }
        Closing closing = new Closing();
        // nobody wants one started again only to be ended
        open.forEach(service -> service.nodes().forEach(Node::retire));
        List<ActiveFault> faults = new ArrayList<>(List.of(active.toArray(ActiveFault[]::new)));
        Collections.reverse(faults);
        faults.forEach(fault -> closing.attempt(fault::heal));
        Collections.reverse(open);
        new Startup(ways).end(open, closing);
        closing.attempt(links::close);
        closing.attempt(ways::close);
        closing.attempt(containers::close);
        engines.forEach(engine -> closing.attempt(engine::close));
        closing.attempt(journal::close);
        closing.throwIfAny();
    }
}
