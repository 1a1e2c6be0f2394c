package dev.firedrill;

import dev.firedrill.report.Event;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Occurrence;
import dev.firedrill.spi.Resolved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The faults of one run that are in force, in the order of their injection. Safe for concurrent use. */
final class InForce {

    private final Chaos chaos;
    private final Recorder recorder;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Trouble> injectTroubles = new ArrayList<>();
    private final List<Trouble> healTroubles = new ArrayList<>();
    private @Nullable Duration lastHeal;
    private boolean closed;

    /** Something that could not be done. */
    record Trouble(String text, Throwable cause) {

        private static Trouble of(Step step, String what, Throwable cause) {
            return new Trouble(
                    step.fault().kind() + " on " + step.target() + " " + what + ": " + Recorder.text(cause), cause);
        }
    }

    private record Entry(StepRun run, int occurrence, Resolved target, ActiveFault fault) {

        Set<Service> services() {
            return Stream.concat(target.links().stream().map(Link::node), target.nodes().stream())
                    .map(Node::service)
                    .collect(Collectors.toSet());
        }
    }

    InForce(Chaos chaos, Recorder recorder) {
        this.chaos = chaos;
        this.recorder = recorder;
    }

    /** Returns false if the fault could not be made, or the run is being healed already. */
    boolean inject(StepRun run, int occurrence) {
        Step step = run.step();
        synchronized (this) {
            if (closed) {
                return false;
            }
        }
        try {
            Resolved target = chaos.resolve(step, run.chance().at("target").at(occurrence));
            run.injected(target);
            if (target.links().isEmpty() && target.nodes().isEmpty()) {
                recorder.event(
                        Event.Kind.INJECT,
                        step.id(),
                        "injected nothing: its target selected neither a link nor a node");
                return true;
            }
            // before its effects, and before an orderly stop that takes its time
            recorder.event(Event.Kind.INJECT, step.id(), "inject " + step.fault() + " on " + names(target));
            ActiveFault fault = chaos.ground()
                    .activate(
                            run.engine(), new Occurrence(step, occurrence, target, run.neighbours(), run.draw(), run));
            add(new Entry(run, occurrence, target, fault));
            return true;
        } catch (RuntimeException | Error e) {
            recorder.event(Event.Kind.TROUBLE, step.id(), "could not be injected: " + Recorder.text(e));
            synchronized (this) {
                injectTroubles.add(Trouble.of(step, "could not be made", e));
            }
            return false;
        }
    }

    private static String names(Resolved target) {
        List<String> names = new ArrayList<>();
        target.links().forEach(link -> names.add(link.name()));
        target.nodes().forEach(node -> names.add(node.name()));
        return String.join(", ", names);
    }

    private void add(Entry entry) {
        boolean tooLate;
        synchronized (this) {
            entries.add(entry);
            tooLate = closed;
        }
        if (tooLate) {
            heal(entry);
        }
    }

    void heal(StepRun run, int occurrence) {
        Entry found = null;
        synchronized (this) {
            for (Entry entry : entries) {
                if (entry.run == run && entry.occurrence == occurrence) {
                    found = entry;
                }
            }
        }
        if (found != null) {
            heal(found);
        }
    }

    /** Heals everything in reverse order; nothing can be injected afterwards. */
    void healAll() {
        List<Entry> open;
        synchronized (this) {
            closed = true;
            open = new ArrayList<>(entries);
        }
        for (int i = open.size() - 1; i >= 0; i--) {
            heal(open.get(i));
        }
    }

    private void heal(Entry entry) {
        synchronized (this) {
            if (!entries.remove(entry)) {
                return;
            }
        }
        try {
            entry.fault.heal();
            recorder.event(
                    Event.Kind.HEAL,
                    entry.run.step().id(),
                    "healed " + entry.run.step().fault().kind());
        } catch (RuntimeException | Error e) {
            recorder.event(Event.Kind.TROUBLE, entry.run.step().id(), "could not be healed: " + Recorder.text(e));
            synchronized (this) {
                healTroubles.add(Trouble.of(entry.run.step(), "could not be undone", e));
            }
            String mark = entry.run.step().id() + " could not be undone: " + Recorder.text(e);
            entry.services().forEach(service -> service.mark(new Service.Mark(mark, true)));
        }
        entry.run.healed();
        synchronized (this) {
            lastHeal = recorder.now();
        }
    }

    synchronized boolean isEmpty() {
        return entries.isEmpty();
    }

    synchronized List<Trouble> injectTroubles() {
        return List.copyOf(injectTroubles);
    }

    synchronized List<Trouble> healTroubles() {
        return List.copyOf(healTroubles);
    }

    synchronized @Nullable Duration lastHeal() {
        return lastHeal;
    }
}
