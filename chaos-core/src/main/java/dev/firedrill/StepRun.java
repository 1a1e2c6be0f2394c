package dev.firedrill;

import dev.firedrill.fault.Fault.Place;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Restart;
import dev.firedrill.fault.Slice;
import dev.firedrill.report.Event;
import dev.firedrill.schedule.Chance;
import dev.firedrill.spi.Draw;
import dev.firedrill.spi.Effects;
import dev.firedrill.spi.Engine;
import dev.firedrill.spi.Neighbour;
import dev.firedrill.spi.Resolved;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One step in one run, and what its fault really touched. Safe for concurrent use. */
final class StepRun implements Effects {

    private static final long NEVER = -1;
    private static final int MOST_UNREAD = 3;

    private final Step step;
    private final Engine engine;
    private final List<Neighbour> neighbours;
    private final Chance chance;
    private final Draw draw;
    private final Recorder recorder;
    private final boolean probesShareLinks;
    private final LongAdder onLinks = new LongAdder();
    private final LongAdder onNodes = new LongAdder();
    private final LongAdder onProbes = new LongAdder();
    private final LongAdder overlapped = new LongAdder();
    private final LongAdder ambiguous = new LongAdder();
    private final AtomicLong first = new AtomicLong(NEVER);
    private volatile long last = NEVER;

    private final Set<String> resolved = new LinkedHashSet<>();
    private final Map<Link, Long> sentBefore = new HashMap<>();
    private boolean used;
    private final Map<Link, Link.Traffic> before = new HashMap<>();
    private boolean unlinked;
    private final List<BooleanSupplier> watches = new ArrayList<>();
    private final Set<String> unread = ConcurrentHashMap.newKeySet();
    private volatile boolean acknowledged;
    private volatile boolean unseen;
    private volatile boolean carried;
    private long passed;
    private int occurrences;
    private @Nullable Duration begun;
    private @Nullable Duration ended;
    private @Nullable String missed;

    /** With {@code probesShareLinks} what was not the test's beyond doubt may have been a probe's beside the body. */
    StepRun(
            Step step,
            Engine engine,
            List<Neighbour> neighbours,
            Chance root,
            Replay.Choices earlier,
            Recorder recorder,
            boolean probesShareLinks) {
        this.step = step;
        this.engine = engine;
        this.neighbours = neighbours;
        this.chance = root.at(step.id());
        this.draw = new Draw(step.id(), step.schedule(), chance, recorder::choice, earlier::at);
        this.recorder = recorder;
        this.probesShareLinks = probesShareLinks;
    }

    Step step() {
        return step;
    }

    Engine engine() {
        return engine;
    }

    List<Neighbour> neighbours() {
        return neighbours;
    }

    Chance chance() {
        return chance;
    }

    Draw draw() {
        return draw;
    }

    @Override
    public void touched(Link link, boolean ofTest) {
        if (link.isProbe() || (!ofTest && !probesShareLinks)) {
            onProbes.increment();
            return;
        }
        onLinks.increment();
        if (recorder.operating()) {
            (ofTest ? overlapped : ambiguous).increment();
        }
        mark("touched " + link.name());
    }

    @Override
    public void touched(Node node) {
        onNodes.increment();
        mark("took hold of " + node.name());
    }

    @Override
    public void acknowledged(Link link) {
        acknowledged = true;
        if (link.isBetweenContainers()) {
            unseen = true;
            mark("was confirmed by " + engine.name() + " on " + link.name());
        }
    }

    @Override
    public void passed(Link link) {
        carried = true;
    }

    @Override
    public void unread(Link link, String what) {
        if (!link.isProbe() && unread.size() < MOST_UNREAD) {
            unread.add(what);
        }
    }

    /** What a fault of messages could not read; the first few are enough. */
    List<String> unread() {
        return List.copyOf(unread);
    }

    /** Whether a foreign engine drew what the seed does not repeat. */
    boolean isDrawnElsewhere() {
        return unseen
                && ((step.fault() instanceof Latency latency
                                && !latency.jitter().isZero())
                        || (step.fault() instanceof Slice slice && slice.variation() > 0));
    }

    private void mark(String what) {
        long now = recorder.now().toNanos();
        last = now;
        if (first.get() == NEVER && first.compareAndSet(NEVER, now)) {
            recorder.event(Event.Kind.EFFECT, step.id(), what);
        }
    }

    synchronized void injected(Resolved target) {
        occurrences++;
        target.links().forEach(link -> resolved.add(link.name()));
        target.links().stream().filter(link -> !link.isProbe()).forEach(link -> before.put(link, link.traffic()));
        target.nodes().forEach(node -> resolved.add(node.name()));
        for (Node node : target.nodes()) {
            node.links().stream()
                    .filter(link -> !link.isProbe())
                    .forEach(link -> sentBefore.putIfAbsent(link, link.sentBeyondLooks()));
        }
        unlinked |= step.fault().place() == Place.NODE
                && target.nodes().stream()
                        .allMatch(node -> node.links().stream().allMatch(Link::isProbe));
        if (step.fault().place() == Place.NODE) {
            // on links whose fault is a foreign engine's, that engine looks itself
            target.nodes().stream()
                    .flatMap(node -> node.links().stream())
                    .filter(Link::isBetweenContainers)
                    .forEach(link -> watches.add(link.front().watch()));
        }
        if (begun == null) {
            begun = recorder.now();
        }
    }

    synchronized void healed() {
        used = isUsed();
        watches.forEach(watch -> carried |= watch.getAsBoolean());
        watches.clear();
        sentBefore.clear();
        ended = recorder.now();
        before.forEach((link, then) -> {
            Link.Traffic now = link.traffic();
            passed += now.upstream() + now.downstream() - then.upstream() - then.downstream();
        });
        before.clear();
    }

    /** Whether the test sent something to the nodes while the fault was in force. */
    private boolean isUsed() {
        return used
                || sentBefore.entrySet().stream().anyMatch(each -> each.getKey().sentBeyondLooks() > each.getValue());
    }

    synchronized void missed(String reason) {
        missed = reason;
    }

    synchronized @Nullable Duration begun() {
        return begun;
    }

    @Nullable
    Duration firstEffect() {
        return first.get() == NEVER ? null : Duration.ofNanos(first.get());
    }

    /** Whether it touched what may have been the test's, while something of the test was going on. */
    boolean isAmbiguous() {
        return ambiguous.sum() > 0;
    }

    /** Why this step proves nothing; null if it took effect while something of the test was going on. */
    synchronized @Nullable String noEffect(List<Duration[]> operations) {
        String what = step.fault().kind() + " on " + step.target();
        if (missed != null) {
            return what + " was never injected: " + missed;
        }
        if (resolved.isEmpty()) {
            return what + " had no effect: its target selected nothing; "
                    + (step.fault().place() == Place.LINK
                            ? "no such link was open when it was injected; " + Advice.otherLink(step.target())
                            : "no such node is there");
        }
        if (begun != null && overWhen(operations, begun)) {
            return tooLate(what, operations, begun);
        }
        if (unseen) {
            return unseenEffect(what, operations);
        }
        LongAdder wanted = step.fault().place() == Place.NODE ? onNodes : onLinks;
        if (wanted.sum() == 0) {
            return untouched(what);
        }
        boolean seenOnNodesOnly =
                step.fault().place() == Place.NODE && !engine.name().equals(NodeEngine.NAME) && onLinks.sum() == 0;
        boolean byContainers = step.fault().place() == Place.NODE && carried;
        boolean byNodes = unlinked || byContainers || (seenOnNodesOnly && isUsed());
        if (overlapped.sum() > 0 || (byNodes && overlaps(operations))) {
            return null;
        }
        if (isAmbiguous()) {
            return what + " can't be proven: all " + ambiguous.sum()
                    + " effects were on connections that a probe may have used beside the body, which"
                    + " can't be told from the test's; let the probe use an address of its own (@ServiceUri(probe = true), Probes, or Service.fillForProbe"
                    + " with Probe.overOwnLink), or let the body do more";
        }
        return what + " took effect, but nothing of the test overlapped it: "
                + (onLinks.sum() > 0
                        ? "the " + onLinks.sum() + " messages or connections it touched were not of the body's time"
                        : "no connection of the test met it")
                + (step.fault() instanceof Restart && step.schedule().beforeBody()
                        ? "; it was over before the body began: give it an after, and let the body use the service then, through"
                        : "; let the body use the service while the fault is in force (drill.awaitActive() waits for it),"
                                + " through")
                + " the address of its link";
    }

    private static boolean overWhen(List<Duration[]> operations, Duration begun) {
        return !operations.isEmpty() && operations.stream().allMatch(each -> each[1].compareTo(begun) < 0);
    }

    /** Nothing that the body did has to do with it, for the schedule runs to its end however short the body is. */
    private String tooLate(String what, List<Duration[]> operations, Duration begun) {
        Duration over = operations.stream()
                .map(each -> each[1])
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return what + " had no effect on the test: the body was over at +" + Recorder.rounded(over)
                + ", and it began only at +" + Recorder.rounded(begun) + " (" + step.schedule()
                + "); let the body last longer (drill.awaitActive() waits for it)"
                + (step.schedule().after().max().isZero() ? "" : ", or shorten after");
    }

    /** On links between containers the engine's word is taken, if something passed there while the test was at work. */
    private @Nullable String unseenEffect(String what, List<Duration[]> operations) {
        if (overlapped.sum() > 0 || (carried && overlaps(operations))) {
            return null;
        }
        String inForce =
                what + " was in force on " + String.join(", ", resolved) + ", as " + engine.name() + " confirms, but ";
        return inForce
                + (carried
                        ? "nothing of the test overlapped it; let the body work while it is in force"
                        : "nothing passed there meanwhile; let the body make a container call the service by its alias, or use"
                                + " the service itself through the address of its link, or remove the fault");
    }

    private String untouched(String what) {
        if (step.fault().place() == Place.NODE) {
            return what + " had no effect: the engine " + engine.name() + " did not see it take hold of "
                    + String.join(", ", resolved);
        }
        String inVain = Advice.inVain(step.fault(), step.schedule());
        if (inVain != null) {
            return what + " had no effect: " + inVain + ", or remove the fault";
        }
        String drawn = draw.candidates() == 0
                ? ""
                : "; none of its " + draw.candidates() + " candidates was hit, of which "
                        + (step.schedule().nth() > 0
                                ? "the number " + step.schedule().nth() + " was wanted"
                                : (long) Math.ceil(2 / step.schedule().probability()) + 1
                                        + " would have been enough to be sure")
                        + ": too little traffic";
        String probes = onProbes.sum() == 0 ? "" : "; only probes met it (" + onProbes.sum() + " times)";
        String links = String.join(", ", resolved);
        boolean spared = passed > 0 && onProbes.sum() == 0;
        return what + " had no effect: "
                + (spared
                        ? "the " + passed + " bytes that passed over " + links
                                + " while it was in force were not touched"
                        : "nothing of the test passed over " + links + " while it was in force")
                + drawn + probes + "; "
                + (spared && drawn.isEmpty()
                        ? Advice.of(step.fault(), unread())
                        : "let the body use the service through the address of its link")
                + ", or remove the fault";
    }

    private boolean overlaps(List<Duration[]> operations) {
        Duration from = firstEffect();
        Duration to = ended;
        return from != null
                && operations.stream()
                        .anyMatch(each -> each[1].compareTo(from) > 0 && (to == null || each[0].compareTo(to) < 0));
    }

    private Report.Grade grade(long effects) {
        if (unseen || (acknowledged && effects > 0)) {
            return Report.Grade.ACKNOWLEDGED;
        }
        return effects > 0 ? Report.Grade.OBSERVED : Report.Grade.NONE;
    }

    synchronized Report.StepOutcome outcome(List<Duration[]> operations) {
        long effects = step.fault().place() == Place.NODE ? onNodes.sum() + onLinks.sum() : onLinks.sum();
        return new Report.StepOutcome(
                step,
                new ArrayList<>(resolved),
                occurrences,
                grade(effects),
                effects,
                onProbes.sum(),
                overlapped.sum(),
                noEffect(operations) == null,
                firstEffect(),
                last == NEVER ? null : Duration.ofNanos(last));
    }
}
