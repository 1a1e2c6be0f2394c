package dev.firedrill;

import dev.firedrill.fault.Fault;
import dev.firedrill.internal.NetworkEngine;
import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Durations;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.Engine;
import dev.firedrill.spi.Neighbour;
import dev.firedrill.spi.Resolved;
import dev.firedrill.spi.Support;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The checks of an experiment, before anything is touched. */
final class Plan {

    private Plan() {}

    static void check(
            Chaos chaos,
            List<Step> steps,
            List<SteadyState> steadyStates,
            @Nullable Duration deadline,
            Recovery.From from) {
        if (deadline != null && steadyStates.isEmpty()) {
            throw new IllegalArgumentException("recoversWithin " + Durations.format(deadline)
                    + " has nothing to measure: no steady state is declared; add what must hold again, or remove it");
        }
        Set<String> names = new HashSet<>();
        for (SteadyState state : steadyStates) {
            if (!names.add(state.name())) {
                throw new IllegalArgumentException(
                        "two steady states are named \"" + state.name() + "\"; give each a name of its own");
            }
        }
        for (Step step : steps) {
            checkStep(chaos, step, neighbours(chaos, step, steps), from);
        }
    }

    /** The other steps of an experiment. */
    static List<Neighbour> neighbours(Chaos chaos, Step step, List<Step> steps) {
        return steps.stream()
                .filter(other -> other.place() != step.place())
                .map(other -> new Neighbour(other, chaos.resolve(other, null)))
                .toList();
    }

    private static void checkStep(Chaos chaos, Step step, List<Neighbour> neighbours, Recovery.From from) {
        Resolved resolved = chaos.resolve(step, null);
        engine(chaos, step, resolved, neighbours);
        Schedule schedule = step.schedule();
        String kind = step.fault().kind();
        if (step.fault().reversal() == Fault.Reversal.ENDS_BY_ITSELF && schedule.lasting() != null) {
            throw new IllegalArgumentException(kind + " on " + step.target() + ": it ends by itself, so lasting "
                    + schedule.lasting() + " has no meaning; remove it");
        }
        if (from == Recovery.From.EFFECT && schedule.lasting() != null) {
            throw new IllegalArgumentException(kind + " on " + step.target() + ": lasting " + schedule.lasting()
                    + " contradicts recovery measured from the effect, for which the fault stays until judgement is done;"
                    + " remove one of them");
        }
        if (step.fault().reversal() == Fault.Reversal.IRREVERSIBLE) {
            checkOurs(step, resolved);
        }
        if (step.fault().candidate() == Fault.Candidate.OCCURRENCE && schedule.nth() > schedule.times()) {
            throw new IllegalArgumentException(kind + " on " + step.target() + ": nth " + schedule.nth()
                    + " never comes, for it has " + schedule.times() + " occurrences; use every and times = "
                    + schedule.nth() + " or more");
        }
        double needed = Math.ceil(2 / schedule.probability()) + 1;
        if (step.fault().candidate() == Fault.Candidate.OCCURRENCE
                && schedule.probability() < 1
                && schedule.times() < needed) {
            throw new IllegalArgumentException(kind + " on " + step.target() + ": probability "
                    + schedule.probability() + " is drawn once for each of its " + schedule.times()
                    + " occurrences, too few to be sure of one; "
                    + (needed > Schedule.MAX_TIMES
                            ? "no schedule has as many as that needs; use a probability of 0.001 or more, and every"
                            : "use every and times = " + (int) needed + " or more"));
        }
    }

    private static void checkOurs(Step step, Resolved resolved) {
        Stream.concat(resolved.links().stream().map(Link::node), resolved.nodes().stream())
                .filter(Node::isForeign)
                .findFirst()
                .ifPresent(node -> {
                    throw new IllegalArgumentException(step.fault().kind() + " on " + step.target()
                            + ": it can't be undone, and " + node.name() + " is somebody else's server; use it on what"
                            + " Firedrill started, such as a LocalProcess");
                });
    }

    static Engine engine(Chaos chaos, Step step, Resolved resolved, List<Neighbour> neighbours) {
        List<String> reasons = new ArrayList<>();
        boolean refused = false;
        for (Engine engine : chaos.ground().engines()) {
            if (engine instanceof NetworkEngine && refused) {
                continue; // the one that has refused speaks for the one behind it, too
            }
            Support support = engine.supports(step, resolved, neighbours);
            if (support.yes()) {
                return engine;
            }
            if (!support.reason().isEmpty()) {
                reasons.add(engine.name() + ": " + support.reason());
                refused |= engine instanceof NetworkEngine;
            }
        }
        throw new IllegalArgumentException("no engine can make " + step.fault().kind() + " on " + step.target()
                + ":\n  " + String.join("\n  ", reasons));
    }
}
