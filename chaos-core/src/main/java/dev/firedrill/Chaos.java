package dev.firedrill;

import dev.firedrill.fault.Fault;
import dev.firedrill.internal.SystemTime;
import dev.firedrill.internal.journal.Journal;
import dev.firedrill.internal.process.ProcessControl;
import dev.firedrill.internal.process.ProcessUndo;
import dev.firedrill.internal.proxy.EmbeddedProxy;
import dev.firedrill.schedule.Chance;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Effects;
import dev.firedrill.spi.Engine;
import dev.firedrill.spi.NetworkEngine;
import dev.firedrill.spi.Occurrence;
import dev.firedrill.spi.Resolved;
import dev.firedrill.spi.TimeSource;
import dev.firedrill.spi.UndoRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entrance: holds services and their links, and runs experiments on them.
 *
 * <p>Starting one undoes what JVMs that were killed had left broken. Closing it heals what is still in force, ends the
 * processes it started and closes the links; the same happens when the JVM shuts down. Safe for concurrent use; experiments
 * on different services may run at the same time.
 *
 * @since 0.1
 */
public final class Chaos implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Chaos.class);

    private final long seed;
    private final TimeSource time;
    private final Path home;
    private final @Nullable Path reports;
    private final Journal journal;
    private final List<String> leftovers;
    private final NetworkEngine network;
    private final List<Engine> engines = new ArrayList<>();
    private final Links links;
    private final Map<String, Service> services = new LinkedHashMap<>();
    private final Map<String, String> marks = new LinkedHashMap<>();
    private final Set<String> busy = new HashSet<>();
    private final List<ActiveFault> active = new CopyOnWriteArrayList<>();
    private final Thread shutdownHook;
    private boolean closed;

    private Chaos(Builder builder) {
        time = builder.time;
        home = Homes.of(builder.home);
        reports = builder.reports;
        seed = builder.seed == null ? freshSeed() : builder.seed;
        NodeEngine nodes = new NodeEngine(ProcessUndo::undo);
        leftovers = Journal.recover(home, record -> undo(builder.engines, nodes, record));
        leftovers.forEach(line -> LOG.warn("An earlier run was cut off: {}", line));
        journal = Journal.open(home, time);
        network = proxy();
        engines.add(network);
        engines.add(nodes);
        engines.addAll(builder.engines);
        links = new Links(() -> network);
        shutdownHook = new Thread(this::shutDown, "firedrill-shutdown");
        Runtime.getRuntime().addShutdownHook(shutdownHook);
        LOG.debug("Chaos started with seed {}", seed);
    }

    private NetworkEngine proxy() {
        try {
            return new EmbeddedProxy(time);
        } catch (NoClassDefFoundError e) {
            journal.close();
            throw new ChaosException(
                    "the embedded proxy needs Netty, which is not on the class path; add the artifact"
                            + " io.netty:netty-handler (dev.firedrill:chaos-junit5 brings it)",
                    e);
        }
    }

    private long freshSeed() {
        // short enough to be typed; where it comes from does not matter, for it is printed
        return Chance.ofSeed(time.now().toEpochMilli() ^ time.nanos()).below(1_000_000);
    }

    private static String undo(List<Engine> own, NodeEngine nodes, UndoRecord record) {
        if (record.engine().equals(NodeEngine.NAME)) {
            return nodes.undo(record);
        }
        for (Engine engine : own) {
            if (engine.name().equals(record.engine())) {
                return engine.undo(record);
            }
        }
        throw new ChaosException("no engine named " + record.engine() + " is here to undo " + record.what());
    }

    /**
     * Starts with a fresh seed, reports under {@code target/chaos-reports}.
     *
     * @return the entrance
     * @throws ChaosException if the journal can't be opened or Netty is missing
     */
    public static Chaos start() {
        return builder().start();
    }

    /**
     * Starts with settings of one's own.
     *
     * @return the settings
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects settings. Not safe for concurrent use. */
    public static final class Builder {

        private @Nullable Long seed;
        private @Nullable Path home;
        private @Nullable Path reports = Path.of("target", "chaos-reports");
        private TimeSource time = SystemTime.CLOCK;
        private final List<Engine> engines = new ArrayList<>();

        private Builder() {}

        /**
         * Repeats the choices of an earlier run.
         *
         * @param number the seed that run printed
         * @return this
         */
        public Builder seed(long number) {
            seed = number;
            return this;
        }

        /**
         * Sets where each experiment's folder is made; {@code target/chaos-reports} unless set.
         *
         * @param directory the folder; null to write none
         * @return this
         */
        public Builder reports(@Nullable Path directory) {
            reports = directory;
            return this;
        }

        /**
         * Sets where the journal and the nodes' data are kept; a folder of the user's in the temporary directory unless set.
         * Only runs with the same folder clean up after each other.
         *
         * @param directory the folder
         * @return this
         */
        public Builder home(Path directory) {
            home = directory;
            return this;
        }

        /**
         * Sets the clock.
         *
         * @param source the machine's clock unless set
         * @return this
         */
        public Builder time(TimeSource source) {
            time = source;
            return this;
        }

        /**
         * Adds an engine for faults of one's own. It is asked after the built-in ones, and closed with the Chaos.
         *
         * @param engine the engine
         * @return this
         */
        public Builder engine(Engine engine) {
            engines.add(engine);
            return this;
        }

        /**
         * Starts.
         *
         * @return the entrance
         * @throws ChaosException if the journal can't be opened or Netty is missing
         */
        public Chaos start() {
            return new Chaos(this);
        }
    }

    /**
     * Declares somebody else's server, to be reached through links.
     *
     * @param name its name in targets
     * @param upstream where it is
     * @return the service, with the test's links open
     * @throws IllegalArgumentException if the name is taken or is no name
     */
    public synchronized Service service(String name, Upstream upstream) {
        return declare(
                name, upstream.ports(), List.of((service, index) -> Node.foreign(service, index, time, upstream)));
    }

    /**
     * Declares a service of local processes, starts them and waits until they are ready.
     *
     * @param name its name in targets
     * @param processes one for each node; all with the same ports
     * @return the service, with the test's links open
     * @throws IllegalArgumentException if the name is taken or is no name, there is no process, or a placeholder is unknown
     * @throws ChaosException if a process does not start or is not ready in time; nothing is left running then
     */
    public synchronized Service service(String name, LocalProcess... processes) {
        if (processes.length == 0) {
            throw new IllegalArgumentException("service " + name + ": no process is given; give one for each node");
        }
        List<Integer> ports = processes[0].ports();
        checkNew(name);
        List<BiFunction<Service, Integer, Node>> nodes = new ArrayList<>();
        for (LocalProcess process : processes) {
            if (!process.ports().equals(ports)) {
                throw new IllegalArgumentException("service " + name + ": its nodes have different ports, " + ports
                        + " and " + process.ports() + "; give them the same");
            }
            String node = processes.length == 1 ? name : name + "[" + nodes.size() + "]";
            ProcessControl.validate(node, process, services.keySet());
            nodes.add((service, index) ->
                    Node.ours(service, index, time, control(name, node, process), process.readyWithin()));
        }
        Service service = declare(name, ports, nodes);
        try {
            service.nodes().forEach(node -> node.start(Effects.NONE));
            service.nodes().forEach(Node::awaitReady);
        } catch (RuntimeException e) {
            remove(service);
            throw e;
        }
        return service;
    }

    private ProcessControl control(String service, String node, LocalProcess process) {
        Path directory = Homes.node(home, node, time);
        return new ProcessControl(node, process, addresses(service, process), directory, journal, time);
    }

    /** Opens the process's own links to the services that it calls. */
    private Map<String, String> addresses(String caller, LocalProcess process) {
        Map<String, String> addresses = new LinkedHashMap<>();
        for (String call : process.calls()) {
            String[] parts = call.split(":", 2);
            Service called = services.get(parts[0]);
            if (called != null) {
                int port = parts.length == 1 ? called.onlyPort() : Integer.parseInt(parts[1]);
                var address = called.link(caller, port).address();
                addresses.put(call, address.getHostString() + ":" + address.getPort());
            }
        }
        return addresses;
    }

    private Service declare(String name, List<Integer> ports, List<BiFunction<Service, Integer, Node>> nodes) {
        checkNew(name);
        Service service = new Service(name, ports, links, nodes);
        try {
            for (Node node : service.nodes()) {
                ports.forEach(port -> links.link(Link.TEST, node, port));
            }
        } catch (RuntimeException e) {
            links.close(service);
            throw e;
        }
        services.put(name, service);
        return service;
    }

    private void checkNew(String name) {
        checkOpen("service " + name);
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")) {
            throw new IllegalArgumentException("service \"" + name
                    + "\" is no name; allowed are 1 to 100 letters, digits, dots, hyphens and underscores");
        }
        if (List.of(Link.TEST, Link.PROBE, "host", "port", "dir").contains(name)) {
            throw new IllegalArgumentException("service \"" + name
                    + "\": the name has a meaning of its own in targets and" + " templates; choose another");
        }
        if (services.containsKey(name)) {
            throw new IllegalArgumentException("two services are named \"" + name + "\"; give each a name of its own");
        }
    }

    private void remove(Service service) {
        service.nodes().forEach(Node::close);
        links.close(service);
        services.remove(service.name());
    }

    /**
     * A service by its name.
     *
     * @param name the name
     * @return the service
     * @throws IllegalArgumentException if there is none; the message names those there are
     */
    public synchronized Service service(String name) {
        Service service = services.get(name);
        if (service == null) {
            throw new IllegalArgumentException("no service is named \"" + name + "\"; there are " + services.keySet());
        }
        return service;
    }

    /**
     * All services.
     *
     * @return in order of declaration
     */
    public synchronized List<Service> services() {
        return List.copyOf(services.values());
    }

    /**
     * Begins the plan of an experiment.
     *
     * @param name a sentence such as "cart survives a slow cache"
     * @return the plan, empty so far
     */
    public Experiment.Builder experiment(String name) {
        return new Experiment.Builder(this, name);
    }

    /**
     * Puts a fault in force outside an experiment, for exploring by hand: nobody judges.
     *
     * @param fault what goes wrong
     * @param target where
     * @return the fault, to be healed by the caller; closing this Chaos heals it too
     * @throws IllegalArgumentException if the target is unknown or no engine can make the fault
     * @throws ChaosException if it could not be made
     */
    public ActiveFault inject(Fault fault, Target target) {
        checkOpen("inject");
        Step step = new Step("inject", fault, target, Schedule.now());
        Chance chance = Chance.ofSeed(seed).at("inject");
        Resolved resolved = resolve(step, chance);
        Draw draw = new Draw(step.id(), step.schedule(), chance, choice -> {});
        ActiveFault made =
                activate(Plan.engine(this, step, resolved), new Occurrence(step, 0, resolved, draw, Effects.NONE));
        active.add(made);
        return () -> {
            active.remove(made);
            made.heal();
        };
    }

    /** Journals how to undo an occurrence, and then makes it. */
    ActiveFault activate(Engine engine, Occurrence occurrence) {
        var prepared = engine.prepare(occurrence);
        long entry = journal.write(prepared.undo());
        ActiveFault made;
        try {
            made = prepared.activate();
        } catch (RuntimeException e) {
            journal.done(entry);
            throw e;
        }
        return () -> {
            made.heal();
            journal.done(entry);
        };
    }

    /**
     * The seed of all choices.
     *
     * @return the number that repeats them
     */
    public long seed() {
        return seed;
    }

    /**
     * What was done about JVMs that had been killed in the middle of an experiment.
     *
     * @return one line each; empty if there was nothing to undo
     */
    public List<String> leftovers() {
        return leftovers;
    }

    synchronized Resolved resolve(Step step, @Nullable Chance chance) {
        return new Targets(services).resolve(step, chance);
    }

    List<Engine> engines() {
        return engines;
    }

    TimeSource time() {
        return time;
    }

    @Nullable
    Path reports() {
        return reports;
    }

    synchronized void mark(String service, String trouble) {
        marks.put(service, trouble);
    }

    synchronized List<String> marks(Collection<String> names) {
        return names.stream().filter(marks::containsKey).map(marks::get).toList();
    }

    synchronized void claim(Collection<String> names, String experiment) {
        checkOpen("experiment " + experiment);
        for (String name : names) {
            if (busy.contains(name)) {
                throw new IllegalStateException("experiment " + experiment + ": another experiment runs on service "
                        + name + "; run them one after another");
            }
        }
        busy.addAll(names);
    }

    synchronized void release(Collection<String> names) {
        busy.removeAll(names);
    }

    void rehearsing(ActiveFault healer) {
        active.add(healer);
    }

    void rehearsed(ActiveFault healer) {
        active.remove(healer);
    }

    private synchronized void checkOpen(String what) {
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

    /**
     * Heals what is in force, ends the processes and closes the links. The second and later calls do nothing.
     *
     * @throws ChaosException if something could not be undone; the next start tries again
     */
    @Override
    public void close() {
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
            open = new ArrayList<>(services.values());
        }
        Closing closing = new Closing();
        List<ActiveFault> faults = new ArrayList<>(Arrays.asList(active.toArray(ActiveFault[]::new)));
        Collections.reverse(faults);
        faults.forEach(fault -> closing.attempt(fault::heal));
        Collections.reverse(open);
        for (Service service : open) {
            service.nodes().forEach(node -> closing.attempt(node::close));
        }
        closing.attempt(links::close);
        engines.forEach(engine -> closing.attempt(engine::close));
        closing.attempt(journal::close);
        closing.throwIfAny();
    }
}
