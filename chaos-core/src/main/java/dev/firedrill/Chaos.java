package dev.firedrill;

import dev.firedrill.fault.Fault;
import dev.firedrill.internal.SystemTime;
import dev.firedrill.schedule.Chance;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Effects;
import dev.firedrill.spi.Engine;
import dev.firedrill.spi.Occurrence;
import dev.firedrill.spi.Resolved;
import dev.firedrill.spi.TimeSource;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

    private final Ground ground;
    private final boolean root;
    private final Registry registry;

    private Chaos(Ground ground, boolean root) {
        this.ground = ground;
        this.root = root;
        this.registry = new Registry(ground);
    }

    /**
     * Starts with the settings of the system properties, see {@link Builder#settings}: a fresh seed and reports under {@code
     * target/chaos-reports} unless set.
     *
     * @return the entrance
     * @throws IllegalArgumentException if a property has a value that is not allowed
     * @throws ChaosException if the journal can't be opened
     */
    public static Chaos start() {
        return builder().settings(System::getProperty).start();
    }

    /**
     * Starts with settings of one's own.
     *
     * @return the settings
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Collects settings; of two that contradict each other the later one wins. Not safe for concurrent use.
     *
     * @since 0.1
     */
    public static final class Builder {

        @Nullable
        Long seed;

        @Nullable
        Path home;

        @Nullable
        Path reports = Path.of("target", "chaos-reports");

        @Nullable
        Path replay;

        @Nullable
        InetSocketAddress toxiproxy;

        String network = Settings.AUTO;
        boolean enabled = true;
        String repeat =
                "repeat with Chaos.builder().seed"; // as properties mean nothing to a Chaos that was not given them
        TimeSource time = SystemTime.CLOCK;
        Duration sayEvery = Duration.ofSeconds(5); // shorter in tests
        final List<Engine> engines = new ArrayList<>();

        private static final Set<String> BUILT_IN = Set.of(Settings.EMBEDDED, Settings.TOXIPROXY, NodeEngine.NAME);

        private Builder() {}

        /**
         * Repeats the choices of an earlier run.
         *
         * @param number the seed that run printed
         * @return this
         */
        public Builder seed(long number) {
            seed = number;
            replay = null;
            return this;
        }

        /**
         * Repeats the choices of the run that wrote a report: its seed, and of the experiment with its id also those choices
         * that followed from the order of the traffic. The file is read at the start.
         *
         * @param report the file {@code report.json}; null to replay nothing
         * @return this
         */
        public Builder replay(@Nullable Path report) {
            replay = report;
            seed = report == null ? seed : null;
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
         * @throws IllegalArgumentException if another engine has the same name
         */
        public Builder engine(Engine engine) {
            if (BUILT_IN.contains(engine.name())
                    || engines.stream().anyMatch(each -> each.name().equals(engine.name()))) {
                throw new IllegalArgumentException("two engines are named \"" + engine.name()
                        + "\"; give each a name of its own, for undo records name the engine");
            }
            engines.add(engine);
            return this;
        }

        /**
         * Takes the settings that users give as text: {@code chaos.enabled}, {@code chaos.seed}, {@code chaos.engine}, {@code
         * chaos.profile}, {@code chaos.report.dir}, {@code chaos.replay}, {@code chaos.toxiproxy}. What is not given stays as it is.
         *
         * @param source such as {@code System::getProperty}; null for a name that is not given
         * @return this
         * @throws IllegalArgumentException if a value is none of the allowed ones; the message names it
         */
        public Builder settings(Function<String, @Nullable String> source) {
            Settings.apply(source, this);
            repeat = "rerun with -Dchaos.seed=";
            return this;
        }

        /**
         * Starts.
         *
         * @return the entrance
         * @throws IllegalArgumentException if the report to replay can't be read
         * @throws ChaosException if the journal can't be opened
         */
        public Chaos start() {
            return new Chaos(new Ground(this), true);
        }
    }

    /**
     * A Chaos with service names of its own, on the same engines, journal, seed and settings.
     *
     * <p>Closing it ends the services that were declared through it; closing the Chaos it was made from ends everything.
     *
     * @param shared services that experiments of the new scope may target, too
     * @return the new scope
     * @throws IllegalArgumentException if two of them have the same name
     */
    public Chaos scope(Collection<Service> shared) {
        ground.checkOpen("scope");
        Chaos scope = new Chaos(ground, false);
        shared.forEach(scope::share);
        return scope;
    }

    /**
     * Makes a service of another scope of the same Chaos known here, under its name.
     *
     * @param service the service
     * @throws IllegalArgumentException if another one has the same name here
     */
    public void share(Service service) {
        registry.share(service);
    }

    /**
     * Declares somebody else's server and opens the test's links to it.
     *
     * @param name its name in targets
     * @param upstream where it is
     * @return the service, started
     * @throws IllegalArgumentException if the name is taken or is no name
     */
    public Service service(String name, Upstream upstream) {
        return start(declare(name, upstream));
    }

    /**
     * Declares a service of local processes, starts them and waits until they are ready.
     *
     * @param name its name in targets
     * @param processes one for each node; all with the same ports
     * @return the service, started
     * @throws IllegalArgumentException if the name is taken or is no name, there is no process, or a placeholder is unknown
     * @throws ChaosException if a process does not start or is not ready in time; nothing is left running then
     */
    public Service service(String name, LocalProcess... processes) {
        return start(declare(name, processes));
    }

    /**
     * Declares a service of containers, starts them and waits until they are ready.
     *
     * @param name its name in targets
     * @param containers one for each node; all with the same ports
     * @return the service, started
     * @throws IllegalArgumentException if the name is taken or is no name, there is no container, it does not expose a port, or
     *     its alias is held by another one
     * @throws ChaosException if there is no Docker engine or no image, or a container does not start; nothing of it is left
     *     then
     */
    public Service service(String name, ServiceContainer... containers) {
        return start(declare(name, containers));
    }

    private Service start(Service declared) {
        try {
            return declared.start();
        } catch (RuntimeException | Error e) {
            registry.remove(declared);
            throw e;
        }
    }

    /**
     * Declares somebody else's server without touching anything, so that experiments can be planned; {@link Service#start}
     * opens the links.
     *
     * @param name its name in targets
     * @param upstream where it is
     * @return the service, not started
     * @throws IllegalArgumentException if the name is taken or is no name
     */
    public Service declare(String name, Upstream upstream) {
        return registry.declare(name, upstream);
    }

    /**
     * Declares a service of local processes without touching anything, so that experiments can be planned; {@link
     * Service#start} opens the links and starts the processes.
     *
     * @param name its name in targets
     * @param processes one for each node; all with the same ports
     * @return the service, not started
     * @throws IllegalArgumentException if the name is taken or is no name, there is no process, or a placeholder is unknown
     */
    public Service declare(String name, LocalProcess... processes) {
        return registry.declare(name, given(name, "process", processes));
    }

    /**
     * Declares a service of containers without touching anything, so that experiments can be planned; {@link Service#start}
     * opens the links and starts the containers.
     *
     * @param name its name in targets
     * @param containers one for each node; all with the same ports
     * @return the service, not started
     * @throws IllegalArgumentException if the name is taken or is no name, there is no container, it does not expose a port, or
     *     its alias is held by another one
     */
    public Service declare(String name, ServiceContainer... containers) {
        return registry.declareContainers(name, given(name, "container", containers));
    }

    private static <T> List<T> given(String name, String what, T[] nodes) {
        int missing = Arrays.asList(nodes).indexOf(null);
        if (missing >= 0) {
            throw new IllegalArgumentException(
                    "service " + name + ": " + what + " [" + missing + "] is null; give one for each node");
        }
        return List.of(nodes);
    }

    /**
     * Starts all declared services that have not been started: in the order of their declaration, but containers that are
     * declared one after another side by side, each after those that it {@code dependsOn}.
     *
     * @return this
     * @throws ChaosException if one does not start; the others are left as they are
     */
    public Chaos startAll() {
        new Startup(ground.ways()).start(services());
        return this;
    }

    /**
     * A service by its name.
     *
     * @param name the name
     * @return the service
     * @throws IllegalArgumentException if there is none; the message names those there are
     */
    public Service service(String name) {
        return registry.service(name);
    }

    /**
     * All services that experiments of this scope may target.
     *
     * @return in order of declaration
     */
    public List<Service> services() {
        return registry.services();
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
     * @return the fault, to be healed by the caller; closing the Chaos heals it too
     * @throws IllegalArgumentException if the target is unknown or no engine can make the fault, or a Toxiproxy has one in force on
     *     the wrong side of it
     * @throws IllegalStateException if a service has not been started, or the Chaos is closed
     * @throws ChaosException if it could not be made
     */
    public ActiveFault inject(Fault fault, Target target) {
        ground.checkOpen("inject");
        Step step = new Step(0, "inject", fault, target, Schedule.now());
        Chance chance = Chance.ofSeed(seed()).at("inject");
        Resolved resolved = resolve(step, chance);
        Stream.concat(resolved.links().stream().map(Link::node), resolved.nodes().stream())
                .forEach(node -> node.service().checkStarted("inject " + fault.kind() + " on " + target));
        Draw draw = new Draw(step.id(), step.schedule(), chance, choice -> {});
        ActiveFault made = ground.activate(
                Plan.engine(this, step, resolved, List.of()),
                new Occurrence(step, 0, resolved, List.of(), draw, Effects.NONE));
        ground.keep(made, "inject");
        return () -> {
            ground.drop(made);
            made.heal();
        };
    }

    /**
     * The seed of all choices.
     *
     * @return the number that repeats them
     */
    public long seed() {
        return ground.seed();
    }

    /**
     * Says whether experiments may be run.
     *
     * @return false if {@code chaos.enabled=false} was set: every experiment is {@link Verdict#ABORTED} then, untouched
     */
    public boolean isEnabled() {
        return ground.enabled();
    }

    /**
     * What was done about JVMs that had been killed in the middle of an experiment.
     *
     * @return one line each; empty if there was nothing to undo
     */
    public List<String> leftovers() {
        return ground.leftovers();
    }

    /** A target is a name: it must not mean another service than the one that was given. */
    void checkKnown(Service service) {
        if (!registry.services().contains(service)) {
            throw new IllegalArgumentException("service " + service.name()
                    + " was declared by another Chaos or scope; give one of this, which has "
                    + registry.services() + ", or share(service) it first");
        }
    }

    Resolved resolve(Step step, @Nullable Chance chance) {
        return registry.resolve(step, chance);
    }

    Ground ground() {
        return ground;
    }

    /**
     * Ends the services that were declared through this scope; the Chaos itself also heals all that is in force and closes
     * the links. The second and later calls do nothing.
     *
     * @throws ChaosException if something could not be undone; the next start tries again
     */
    @Override
    public void close() {
        if (root) {
            ground.close();
            return;
        }
        registry.end();
    }
}
