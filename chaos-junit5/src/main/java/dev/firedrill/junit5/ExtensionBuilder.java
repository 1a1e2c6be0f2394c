package dev.firedrill.junit5;

import static java.util.Objects.requireNonNull;

import dev.firedrill.Chaos;
import dev.firedrill.Experiment;
import dev.firedrill.LocalProcess;
import dev.firedrill.Service;
import dev.firedrill.ServiceContainer;
import dev.firedrill.Target;
import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import dev.firedrill.fault.Fault;
import dev.firedrill.history.Invariant;
import dev.firedrill.probe.Probe;
import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/**
 * Collects by hand what the annotations say otherwise; made by {@link FiredrillExtension#builder}. What annotations say of a
 * test wins over what is said here. Not safe for concurrent use.
 *
 * @since 0.1
 */
public final class ExtensionBuilder {

    private final Map<String, BiFunction<Chaos, String, Service>> services = new LinkedHashMap<>();
    private final List<FaultDeclaration> faults = new ArrayList<>();
    private final List<Consumer<Experiment.Builder>> plan = new ArrayList<>();
    private final List<Consumer<Chaos.Builder>> chaos = new ArrayList<>();
    private boolean steady;
    private @Nullable Duration steadyWithin;

    ExtensionBuilder() {}

    private ExtensionBuilder(ExtensionBuilder other) {
        services.putAll(other.services);
        faults.addAll(other.faults);
        plan.addAll(other.plan);
        chaos.addAll(other.chaos);
        steady = other.steady;
        steadyWithin = other.steadyWithin;
    }

    /**
     * Changes settings of the Chaos, such as seed, engines or where reports go. The extension has a Chaos of its own then;
     * configuration parameters yield to what is set here.
     *
     * @param settings what to set
     * @return this
     */
    public ExtensionBuilder chaos(Consumer<Chaos.Builder> settings) {
        chaos.add(settings);
        return this;
    }

    /**
     * Adds a service of local processes, started before the first test instance is made.
     *
     * @param name its name in targets
     * @param processes one for each node; all with the same ports
     * @return this
     * @throws ExtensionConfigurationException if there is one of this name already
     */
    public ExtensionBuilder service(String name, LocalProcess... processes) {
        LocalProcess[] copy = processes.clone();
        return add(name, (in, as) -> in.declare(as, copy));
    }

    /**
     * Adds a service of containers, started before the first test instance is made.
     *
     * @param name its name in targets
     * @param containers one for each node; all with the same ports
     * @return this
     * @throws ExtensionConfigurationException if there is one of this name already
     */
    public ExtensionBuilder service(String name, ServiceContainer... containers) {
        ServiceContainer[] copy = containers.clone();
        return add(name, (in, as) -> in.declare(as, copy));
    }

    /**
     * Adds somebody else's server.
     *
     * @param name its name in targets
     * @param upstream where it is
     * @return this
     * @throws ExtensionConfigurationException if there is one of this name already
     */
    public ExtensionBuilder service(String name, Upstream upstream) {
        return add(name, (in, as) -> in.declare(as, upstream));
    }

    private ExtensionBuilder add(String name, BiFunction<Chaos, String, Service> declare) {
        if (services.putIfAbsent(name, declare) != null) {
            throw new ExtensionConfigurationException(
                    "two services are named \"" + name + "\"; give each a name of its own");
        }
        return this;
    }

    /**
     * Adds what must hold before the fault and again after healing.
     *
     * @param sentence such as "cart accepts items"
     * @param probe one observation: false or an exception means not well
     * @return this
     */
    public ExtensionBuilder steadyState(String sentence, Probe probe) {
        return steadyState(SteadyState.of(sentence, probe));
    }

    /**
     * Adds what must hold before the fault and again after healing.
     *
     * @param state the steady state
     * @return this
     */
    public ExtensionBuilder steadyState(SteadyState state) {
        steady = true;
        plan.add(builder -> builder.steadyState(state));
        return this;
    }

    /**
     * Sets how long the steady state is waited for before the faults are made, 10 s unless set. Where methods are marked with
     * {@link dev.firedrill.junit5.SteadyState} as well, the longest time counts.
     *
     * @param limit more than zero
     * @return this
     */
    public ExtensionBuilder steadyWithin(Duration limit) {
        steadyWithin = requireNonNull(limit);
        return this;
    }

    /**
     * Adds what must be true at the end.
     *
     * @param sentence such as "no acknowledged order is lost"
     * @param check false or an {@code AssertionError} means broken
     * @return this
     */
    public ExtensionBuilder invariant(String sentence, Invariant.Check check) {
        plan.add(builder -> builder.invariant(sentence, check));
        return this;
    }

    /**
     * Adds a fault to every test of the class, in force before the body begins and until it has ended.
     *
     * @param fault what goes wrong
     * @param target where, as in the annotations
     * @return this
     * @throws IllegalArgumentException if the target's text is of another form
     */
    public ExtensionBuilder inject(Fault fault, String target) {
        return inject(fault, target, Schedule.now());
    }

    /**
     * Adds a fault to every test of the class.
     *
     * @param fault what goes wrong
     * @param target where, as in the annotations
     * @param schedule when
     * @return this
     * @throws IllegalArgumentException if the target's text is of another form
     */
    public ExtensionBuilder inject(Fault fault, String target, Schedule schedule) {
        faults.add(new FaultDeclaration(
                "inject(" + fault.kind() + ") of the FiredrillExtension", fault, Target.parse(target), schedule));
        return this;
    }

    /**
     * Sets how soon after healing the steady state must be back.
     *
     * @param limit more than zero
     * @return this
     */
    public ExtensionBuilder recoversWithin(Duration limit) {
        return recoversWithin(limit, Recovery.From.HEAL);
    }

    /**
     * Sets how soon the steady state must be back.
     *
     * @param limit more than zero
     * @param from counted from healing, or from the effect
     * @return this
     */
    public ExtensionBuilder recoversWithin(Duration limit, Recovery.From from) {
        plan.add(builder -> builder.recoversWithin(limit, from));
        return this;
    }

    /**
     * Makes one verdict the only one that passes.
     *
     * @param verdict such as {@link Verdict#NOT_RECOVERED}
     * @return this
     */
    public ExtensionBuilder expect(Verdict verdict) {
        plan.add(builder -> builder.expect(verdict));
        return this;
    }

    /**
     * Builds the extension.
     *
     * @return the extension, for a static {@code @RegisterExtension} field
     */
    public FiredrillExtension build() {
        return new FiredrillExtension(new ExtensionBuilder(this));
    }

    List<ServiceDeclaration> services(FiredrillExtension owner) {
        return services.entrySet().stream()
                .map(each -> new ServiceDeclaration(
                        owner,
                        each.getKey(),
                        "service(\"" + each.getKey() + "\") of the FiredrillExtension",
                        each.getValue()))
                .toList();
    }

    List<FaultDeclaration> faults() {
        return faults;
    }

    boolean hasSteadyState() {
        return steady;
    }

    Optional<Duration> steadyWithin() {
        return Optional.ofNullable(steadyWithin);
    }

    boolean hasChaosOfItsOwn() {
        return !chaos.isEmpty();
    }

    void addTo(Experiment.Builder builder) {
        plan.forEach(part -> part.accept(builder));
    }

    void addTo(Chaos.Builder builder) {
        chaos.forEach(part -> part.accept(builder));
    }
}
