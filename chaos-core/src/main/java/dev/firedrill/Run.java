package dev.firedrill;

import dev.firedrill.report.Event;
import dev.firedrill.schedule.Chance;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Engine;
import dev.firedrill.spi.Neighbour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that one run of an experiment consists of. */
final class Run {

    private final Experiment experiment;
    private final Chaos chaos;
    private final Instant started;
    private final Recorder recorder;
    private final List<Service> services = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<StepRun> steps = new ArrayList<>();
    private final InForce inForce;
    private final Timeline timeline;
    private final Prober prober;
    private final LiveDrill drill;
    private final Traffics traffics;
    private final Node.NodeListener listener;
    private final ActiveFault healer;

    private Run(Experiment experiment) {
        this.experiment = experiment;
        this.chaos = experiment.chaos();
        this.started = chaos.ground().time().now();
        this.recorder = new Recorder(
                experiment.name(), chaos.ground().time(), chaos.ground().sayEvery());
        this.inForce = new InForce(chaos, recorder);
        Chance chance = Chance.ofSeed(chaos.seed()).at(experiment.id());
        boolean shared = experiment.steadyStates().stream()
                .anyMatch(state -> state.during() && !state.probe().hasOwnLink());
        Replay.Choices earlier = chaos.ground().replay(experiment.id());
        Set<String> names = new LinkedHashSet<>();
        for (Step step : experiment.steps()) {
            List<Neighbour> neighbours = Plan.neighbours(chaos, step, experiment.steps());
            Engine engine = Plan.engine(chaos, step, chaos.resolve(step, null), neighbours);
            steps.add(new StepRun(step, engine, neighbours, chance, earlier, recorder, shared));
            step.target().parts().forEach(part -> names.add(part.service()));
        }
        names.forEach(name -> services.add(chaos.service(name)));
        services.forEach(service -> nodes.addAll(service.nodes()));
        this.timeline = new Timeline(experiment.name(), chaos.ground().time(), recorder, inForce, steps);
        this.prober = new Prober(experiment.name(), recorder, experiment.steadyStates(), services);
        this.drill = new LiveDrill(recorder, timeline, inForce, chaos.seed(), chance);
        this.listener = (node, text) -> recorder.event(Event.Kind.NODE, node.name(), text);
        this.healer = inForce::healAll;
        this.traffics = new Traffics(services);
    }

    /** A run that has its services for itself until {@link #release}. */
    static Run claim(Experiment experiment) {
        Run run = new Run(experiment);
        run.chaos.ground().claim(run.services, experiment.name(), run.healer);
        try {
            run.traffics.begin();
            run.nodes.forEach(node -> node.listen(run.listener));
            return run;
        } catch (RuntimeException e) {
            run.release();
            throw e;
        }
    }

    void release() {
        timeline.stop();
        prober.close();
        nodes.forEach(node -> node.unlisten(listener));
        chaos.ground().release(services, healer);
    }

    Experiment experiment() {
        return experiment;
    }

    Chaos chaos() {
        return chaos;
    }

    Instant started() {
        return started;
    }

    Recorder recorder() {
        return recorder;
    }

    List<Service> services() {
        return services;
    }

    List<Node> nodes() {
        return nodes;
    }

    List<StepRun> steps() {
        return steps;
    }

    InForce inForce() {
        return inForce;
    }

    Timeline timeline() {
        return timeline;
    }

    Prober prober() {
        return prober;
    }

    LiveDrill drill() {
        return drill;
    }

    Traffics traffics() {
        return traffics;
    }

    /** The services concerned, for people. */
    String subject() {
        return services.stream().map(Service::name).collect(Collectors.joining(", "));
    }

    /** What happened to these services earlier and was not put right, for people. */
    String marks() {
        String marks = markStream().map(Service.Mark::text).collect(Collectors.joining("; "));
        return marks.isEmpty() ? "" : " (an earlier experiment left it so: " + marks + ")";
    }

    boolean isFiredrillToBlame() {
        return markStream().anyMatch(Service.Mark::firedrills);
    }

    private Stream<Service.Mark> markStream() {
        return services.stream().map(Service::mark).filter(mark -> mark != null);
    }

    /** They are well, so what happened earlier explains nothing any more. */
    void unmark() {
        services.forEach(service -> service.mark(null));
    }

    @Nullable
    Duration firstEffect() {
        return steps.stream()
                .map(StepRun::firstEffect)
                .filter(each -> each != null)
                .min(Duration::compareTo)
                .orElse(null);
    }
}
