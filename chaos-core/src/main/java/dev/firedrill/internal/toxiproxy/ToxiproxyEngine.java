package dev.firedrill.internal.toxiproxy;

import dev.firedrill.ChaosException;
import dev.firedrill.Link;
import dev.firedrill.Step;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.KillBeforeReply;
import dev.firedrill.internal.Front;
import dev.firedrill.internal.NetworkEngine;
import dev.firedrill.internal.journal.Journal;
import dev.firedrill.internal.proxy.EmbeddedProxy;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Effects;
import dev.firedrill.spi.Neighbour;
import dev.firedrill.spi.Occurrence;
import dev.firedrill.spi.Prepared;
import dev.firedrill.spi.Resolved;
import dev.firedrill.spi.Support;
import dev.firedrill.spi.TimeSource;
import dev.firedrill.spi.UndoRecord;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes faults by a real Toxiproxy on those links whose way leads through one, and by the embedded proxy in front of it what
 * Toxiproxy can't do as asked. Safe for concurrent use.
 */
public final class ToxiproxyEngine implements NetworkEngine {

    /** The engine's name. */
    public static final String NAME = "toxiproxy";

    private final EmbeddedProxy embedded;
    private final boolean only;
    private final @Nullable SharedToxiproxy shared;
    private final String run;
    private final TimeSource time;
    private final Map<Link, Hop> hops = new HashMap<>(); // guarded by this, as is the next
    private final Map<Link, InnerFront> inner = new HashMap<>();
    private final AtomicLong occurrences = new AtomicLong();

    /**
     * An engine on whose links no Toxiproxy stands yet.
     *
     * @param embedded what serves the callers on this machine
     * @param only whether the embedded proxy may make no fault where a Toxiproxy could stand
     * @param shared somebody else's Toxiproxy through which all the test's links lead; null for none
     * @param journal where to write what will have to be deleted there
     * @param run a name that no other run has
     * @param time the clock
     */
    public ToxiproxyEngine(
            EmbeddedProxy embedded,
            boolean only,
            @Nullable InetSocketAddress shared,
            Journal journal,
            String run,
            TimeSource time) {
        this.embedded = embedded;
        this.only = only;
        this.shared = shared == null ? null : new SharedToxiproxy(shared, journal, run, time);
        this.run = run;
        this.time = time;
    }

    @Override
    public String name() {
        return NAME;
    }

    // ---- links

    @Override
    public Front open(Link link, Supplier<InetSocketAddress> upstream) {
        if (link.isBetweenContainers()) {
            return openInner(link);
        }
        if (shared == null || !link.isThroughToxiproxy()) {
            return embedded.open(link, () -> {
                Hop hop = hop(link);
                return hop == null ? upstream.get() : hop.address();
            });
        }
        Hop hop = shared.lend(link, upstream);
        synchronized (this) {
            hops.put(link, hop);
        }
        return embedded.open(link, hop::address, () -> {
            forget(link);
            shared.giveBack(hop);
        });
    }

    private synchronized Front openInner(Link link) {
        InnerFront front = new InnerFront(
                InetSocketAddress.createUnresolved(link.node().alias(), link.port()), () -> forget(link));
        inner.put(link, front);
        Hop hop = hops.get(link);
        if (hop != null) {
            front.leadsThrough(hop);
        }
        return front;
    }

    private synchronized void forget(Link link) {
        inner.remove(link);
        hops.remove(link);
    }

    private synchronized @Nullable InnerFront innerFront(Link link) {
        return inner.get(link);
    }

    private synchronized @Nullable Hop hop(Link link) {
        return hops.get(link);
    }

    /**
     * One Toxiproxy that was started for the links of containers.
     *
     * @param api where its API is reached
     * @param reached where a port that it listens on is reached from here
     */
    public record Station(InetSocketAddress api, Function<Integer, InetSocketAddress> reached) {}

    /**
     * Looks for what drives a Toxiproxy.
     *
     * @throws ChaosException if it is not on the class path
     */
    public static void checkLibrary() {
        Api.load();
    }

    /**
     * Leads links through a Toxiproxy that has just been started; waits until it answers.
     *
     * @param station the Toxiproxy
     * @param ways each link with where it is to listen and to lead
     */
    public void lead(Station station, List<Way> ways) {
        Api api = new Api(station.api(), time);
        api.await();
        for (Way way : ways) {
            Hop hop = new Hop(
                    api, Hop.plain(way.link().name()), "0.0.0.0:" + way.listen(), way::upstream, station.reached());
            hop.make();
            synchronized (this) {
                hops.put(way.link(), hop);
                InnerFront front = inner.get(way.link());
                if (front != null) {
                    front.leadsThrough(hop);
                }
            }
        }
    }

    /**
     * A link's way through a Toxiproxy.
     *
     * @param link the link
     * @param listen the port in its network that callers reach it on
     * @param upstream the name and port that it leads to
     */
    public record Way(Link link, int listen, String upstream) {}

    // ---- faults

    @Override
    public Support supports(Fault fault, Resolved target) {
        return Support.no("it needs to know the step's schedule");
    }

    @Override
    public Support supports(Step step, Resolved target, List<Neighbour> neighbours) {
        boolean isConcerned = !(step.fault() instanceof KillBeforeReply)
                && step.fault().place() == Fault.Place.LINK
                && (only || target.links().stream().anyMatch(Link::isThroughToxiproxy));
        if (!isConcerned) {
            return Support.no(""); // nobody who has no Toxiproxy wants to read about one
        }
        for (Link link : target.links()) {
            String reason = refusal(step, link, neighbours);
            if (reason != null) {
                return Support.no(reason);
            }
        }
        return Support.YES;
    }

    private @Nullable String refusal(Step step, Link link, List<Neighbour> neighbours) {
        if (!link.isThroughToxiproxy()) {
            return only && !link.isProbe()
                    ? "no Toxiproxy is on the way of " + link.name()
                            + ", and chaos.engine=toxiproxy allows nothing else; set chaos.engine=auto"
                    : unless(embedded.supports(step.fault(), new Resolved(List.of(link), List.of())));
        }
        String toxic = Toxics.refusal(step);
        boolean embeddedMay = !only && !link.isBetweenContainers();
        String hand = step.place() == 0 ? wrongSide(step, link, toxic == null) : null;
        if (hand != null || embeddedMay) {
            return hand;
        }
        String order =
                toxic == null ? Order.trouble(step, link, neighbours, other -> isMadeByToxic(other, link)) : null;
        if (!link.isBetweenContainers()) {
            return with(toxic == null ? order : toxic, "set chaos.engine=auto, which lets the embedded proxy do it");
        }
        String reason = toxic == null
                ? with(order, "rehearse them one after the other, in experiments of their own")
                : with(
                        toxic,
                        "put the fault on the test's own link (test->"
                                + link.node().service().name()
                                + "), or choose latency, bandwidth, blackhole, slice, limit-data or slow-close");
        return reason == null ? null : "only Toxiproxy is on the way of " + link.name() + ", and " + reason;
    }

    private static @Nullable String with(@Nullable String reason, String remedy) {
        return reason == null ? null : reason + "; " + remedy;
    }

    /** What is injected by hand knows only what is in force already. */
    private @Nullable String wrongSide(Step step, Link link, boolean toxicCan) {
        Hop hop = hop(link);
        if (hop == null) {
            return null;
        }
        boolean byToxic = toxicCan && isMadeByToxic(step, link);
        Fault old = byToxic
                ? Order.wrongSide(step.fault(), hop.inForce())
                : Order.wrongSideOfEmbedded(step.fault(), hop.inForce());
        if (old == null) {
            return null;
        }
        return (byToxic
                        ? Order.reason(old, step.fault(), link)
                        : "its toxics stand behind the embedded proxy, which makes "
                                + step.fault().kind() + ", so that the order of " + old.kind() + " and "
                                + step.fault().kind() + " on " + link.name() + " can't be kept")
                + "; heal " + old.kind() + " first"
                + (only || link.isBetweenContainers() ? "" : ", or set chaos.engine=embedded");
    }

    private static @Nullable String unless(Support support) {
        return support.yes() ? null : support.reason();
    }

    /** Whether a toxic makes the fault on a link, as far as the order lets it; otherwise the embedded proxy does. */
    private boolean isMadeByToxic(Step step, Link link) {
        if (!link.isThroughToxiproxy() || Toxics.refusal(step) != null) {
            return false;
        }
        return only || link.isBetweenContainers() || !Toxics.isBetterEmbedded(step);
    }

    private boolean isMadeByToxic(Occurrence occurrence, Link link) {
        return isMadeByToxic(occurrence.step(), link)
                && (only
                        || link.isBetweenContainers()
                        || Order.trouble(
                                        occurrence.step(),
                                        link,
                                        occurrence.neighbours(),
                                        other -> isMadeByToxic(other, link))
                                == null);
    }

    @Override
    public Prepared prepare(Occurrence occurrence) {
        return new Prepared() {
            @Override
            public UndoRecord undo() {
                // a toxic goes with its proxy, how to delete which is in the journal since before it was made
                return UndoRecord.DIES_WITH_JVM;
            }

            @Override
            public ActiveFault activate() {
                return ToxiproxyEngine.this.activate(occurrence);
            }
        };
    }

    private ActiveFault activate(Occurrence occurrence) {
        List<Link> byToxic = new ArrayList<>();
        List<Link> byEmbedded = new ArrayList<>();
        occurrence.target().links().forEach(link -> (isMadeByToxic(occurrence, link) ? byToxic : byEmbedded).add(link));
        InForce made = new InForce();
        try {
            for (Link link : byToxic) {
                made.add(link, occurrence);
            }
            List<Link> watched =
                    byToxic.stream().filter(link -> !link.isBetweenContainers()).toList();
            if (!watched.isEmpty()) {
                made.add(embedded.watch(on(occurrence, watched)));
            }
            if (!byEmbedded.isEmpty()) {
                made.add(embedded.prepare(on(occurrence, byEmbedded)).activate());
            }
            byToxic.forEach(occurrence.effects()::acknowledged);
            made.watch(byToxic, occurrence);
            return made;
        } catch (RuntimeException e) {
            try {
                made.heal();
            } catch (RuntimeException f) {
                e.addSuppressed(f);
            }
            throw e;
        }
    }

    private static Occurrence on(Occurrence occurrence, List<Link> links) {
        return occurrence.on(new Resolved(links, List.of()), occurrence.effects());
    }

    /** What one occurrence consists of. */
    private final class InForce implements ActiveFault {

        private final List<ActiveFault> parts = new ArrayList<>();
        private final Map<Link, BooleanSupplier> watches = new LinkedHashMap<>();
        private Effects effects = Effects.NONE;

        /** What passes between containers can be seen from outside only, and only by and large. */
        void watch(List<Link> links, Occurrence occurrence) {
            effects = occurrence.effects();
            for (Link link : links) {
                InnerFront front = innerFront(link);
                if (front != null) {
                    watches.put(link, front.watch());
                }
            }
        }

        private void tellWhatPassed() {
            watches.forEach((link, watch) -> {
                if (watch.getAsBoolean()) {
                    effects.passed(link);
                }
            });
            watches.clear();
        }

        void add(ActiveFault part) {
            parts.add(part);
        }

        void add(Link link, Occurrence occurrence) {
            Hop hop = hop(link);
            if (hop == null) {
                throw new ChaosException("link " + link.name() + " does not lead through a Toxiproxy: its container was"
                        + " started by somebody else after the experiment was planned");
            }
            // counted by itself, for what is injected by hand has the same step and number each time
            String name = Hop.plain("fd-" + run + "-" + occurrence.step().id() + "-" + occurrences.incrementAndGet());
            hop.add(name, occurrence.step()).forEach(toxic -> parts.add(() -> hop.remove(toxic)));
        }

        /** Goes on after what can't be undone; a second call tries that again. */
        @Override
        public synchronized void heal() {
            tellWhatPassed();
            RuntimeException trouble = null;
            for (ActiveFault each : List.copyOf(parts)) {
                try {
                    each.heal();
                    parts.remove(each);
                } catch (RuntimeException e) {
                    if (trouble == null) {
                        trouble = e;
                    } else {
                        trouble.addSuppressed(e);
                    }
                }
            }
            if (trouble != null) {
                throw trouble;
            }
        }
    }

    // ---- the end

    @Override
    public String undo(UndoRecord record) {
        return undoOf(record);
    }

    /**
     * Deletes a proxy that an earlier JVM had made on somebody else's Toxiproxy.
     *
     * @param record what that JVM had written
     * @return what was done; empty if there was nothing to do
     */
    public static String undoOf(UndoRecord record) {
        return SharedToxiproxy.undo(record);
    }
}
