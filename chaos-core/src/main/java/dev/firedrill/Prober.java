package dev.firedrill;

import static java.util.Objects.requireNonNull;

import dev.firedrill.probe.Hold;
import dev.firedrill.probe.Sample;
import dev.firedrill.probe.Sample.Phase;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.report.Event;
import dev.firedrill.schedule.Durations;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Takes samples of the steady states of one run.
 *
 * <p>One worker thread looks, so that no two looks ever run side by side; whoever asks waits for it no longer than the
 * probe's time-out. A look that ignores its interruption keeps the worker, and the samples asked for meanwhile are bad.
 */
final class Prober implements AutoCloseable {

    private final Recorder recorder;
    private final List<SteadyState> states;
    private final List<Service> services;

    /** Whether every look before the faults used the probes' links and no other. */
    private final Map<SteadyState, Boolean> apart = new ConcurrentHashMap<>();

    private final ExecutorService worker;
    private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
    private volatile CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Future<?> hanging;
    private @Nullable Thread beside;
    private volatile Runnable lookDone = () -> {};

    Prober(String name, Recorder recorder, List<SteadyState> states, List<Service> services) {
        this.recorder = recorder;
        this.states = states;
        this.services = services;
        this.worker = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "firedrill-probe-" + name);
            thread.setDaemon(true);
            thread.setContextClassLoader(loader);
            return thread;
        });
    }

    /** How a steady state did in one phase. */
    record Held(SteadyState state, Hold hold) {

        boolean isHeld() {
            return hold.isHeld();
        }

        String lastSeen() {
            return hold.last()
                    .map(last ->
                            last.seen() + " (attempt " + last.attempt() + ", +" + Recorder.seconds(last.end()) + ")")
                    .orElse("nothing");
        }
    }

    /** What was seen beside the body of samples that began since then; of each state to its first hold, if it came to that. */
    List<Held> besideSince(Duration start) {
        List<Held> all = fresh();
        for (Held each : all) {
            recorder.samples().stream()
                    .filter(sample -> sample.phase() == Phase.DURING
                            && sample.probe().equals(each.state.name())
                            && sample.begin().compareTo(start) >= 0)
                    .takeWhile(sample -> !each.isHeld())
                    .forEach(each.hold::add);
        }
        return all;
    }

    private List<Held> fresh() {
        return states.stream()
                .map(state -> new Held(state, new Hold(state.hold())))
                .toList();
    }

    /** Samples until all hold, or until none that is not well can still be in time. */
    List<Held> hold(Phase phase, Duration clockStart, Duration limit) throws InterruptedException {
        return hold(fresh(), phase, clockStart, limit);
    }

    /** The same with what was seen already. */
    List<Held> hold(List<Held> all, Phase phase, Duration clockStart, Duration limit) throws InterruptedException {
        Duration deadline = clockStart.plus(limit);
        Duration said = recorder.now();
        Rota rota = new Rota(states, phase);
        while (!all.stream().allMatch(Held::isHeld)) {
            rota.pause(deadline);
            if (recorder.now().minus(said).compareTo(recorder.sayEvery()) >= 0) {
                said = recorder.now();
                recorder.waiting(waitingFor(all), said.minus(clockStart));
            }
            for (Held each : all) {
                if (rota.isDue(each.state)) {
                    each.hold.add(rota.sample(each.state));
                }
                if (tooLate(each, deadline)) {
                    return all;
                }
            }
        }
        return all;
    }

    private static String waitingFor(List<Held> all) {
        return all.stream()
                .filter(each -> !each.isHeld())
                .map(each -> "\"" + each.state.name() + "\", last seen: " + each.lastSeen())
                .findFirst()
                .orElse("the steady states to hold together");
    }

    private boolean tooLate(Held each, Duration deadline) {
        Duration known = each.hold.firstGood().map(Sample::end).orElseGet(recorder::now);
        return known.compareTo(deadline) > 0;
    }

    /** Which state is looked at when: each at once, except beside the body, and then as often as it says. */
    private final class Rota {

        private final Phase phase;
        private final Map<SteadyState, Duration> due = new HashMap<>();
        private final Map<SteadyState, Integer> attempts = new HashMap<>();

        Rota(List<SteadyState> sampled, Phase phase) {
            this.phase = phase;
            // beside the body not at once: the first thing that a body does should not meet a look that can't be told
            // from it
            Duration first = phase == Phase.DURING ? recorder.now() : null;
            sampled.forEach(each -> due.put(each, first == null ? Duration.ZERO : first.plus(each.every())));
        }

        boolean isDue(SteadyState state) {
            return recorder.now().compareTo(requireNonNull(due.get(state))) >= 0;
        }

        Sample sample(SteadyState state) throws InterruptedException {
            Sample sample = Prober.this.sample(state, phase, attempts.merge(state, 1, Integer::sum));
            due.put(state, sample.end().plus(state.every()));
            return sample;
        }

        /** Until one is due, or until then if that is still to come; returns true at once if sampling was stopped. */
        boolean pause(@Nullable Duration atMost) throws InterruptedException {
            Duration now = recorder.now();
            Duration next = Collections.min(due.values());
            if (atMost != null && atMost.compareTo(now) > 0 && atMost.compareTo(next) < 0) {
                next = atMost;
            }
            return stopped.await(next.minus(now).toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Samples those that may run beside the body, until {@link #stopBeside}. */
    void startBeside() {
        List<SteadyState> allowed = states.stream().filter(SteadyState::during).toList();
        if (!allowed.isEmpty()) {
            Thread thread = new Thread(() -> sampleBeside(allowed), "firedrill-beside");
            thread.setDaemon(true);
            beside = thread;
            thread.start();
        }
    }

    private void sampleBeside(List<SteadyState> allowed) {
        Rota rota = new Rota(allowed, Phase.DURING);
        try {
            while (!rota.pause(null)) {
                for (SteadyState state : allowed) {
                    if (rota.isDue(state)) {
                        rota.sample(state);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void stopBeside() throws InterruptedException {
        Thread thread = beside;
        if (thread != null) {
            stopped.countDown();
            thread.join(TimeUnit.SECONDS.toMillis(5));
            thread.interrupt();
            beside = null;
            stopped = new CountDownLatch(1);
        }
    }

    private Sample sample(SteadyState state, Phase phase, int attempt) throws InterruptedException {
        Duration begin = recorder.now();
        String bad = look("\"" + state.name() + "\"", look(state, phase), state.timeout());
        Sample sample =
                new Sample(state.name(), attempt, phase, begin, recorder.now(), bad == null, bad == null ? "ok" : bad);
        recorder.sample(sample);
        return sample;
    }

    /** It is the look itself that marks the links: one that hangs goes on, though nobody waits for it any more. */
    private Callable<Boolean> look(SteadyState state, Phase phase) {
        return () -> {
            List<Link> links = services.stream()
                    .flatMap(service -> service.links().stream())
                    .toList();
            if (state.probe().hasOwnLink() || (phase == Phase.DURING && apart.getOrDefault(state, false))) {
                return state.probe().look();
            }
            links.forEach(link -> link.looking(1));
            AtomicBoolean looking = new AtomicBoolean(true);
            Runnable done = () -> {
                if (looking.getAndSet(false)) {
                    links.forEach(link -> link.looking(-1));
                }
            };
            lookDone = done;
            Usage before = Usage.of(links);
            try {
                return state.probe().look();
            } finally {
                done.run();
                if (phase == Phase.BEFORE) {
                    apart.merge(state, Usage.of(links).isOfProbesOnlySince(before), Boolean::logicalAnd);
                }
            }
        };
    }

    /** How much went over the links of probes, and over the others. */
    private record Usage(long ofProbes, long others) {

        static Usage of(List<Link> links) {
            return new Usage(sum(links, true), sum(links, false));
        }

        private static long sum(List<Link> links, boolean ofProbes) {
            return links.stream()
                    .filter(link -> link.isProbe() == ofProbes)
                    .map(Link::traffic)
                    .mapToLong(traffic -> traffic.connections() + traffic.upstream())
                    .sum();
        }

        boolean isOfProbesOnlySince(Usage before) {
            return ofProbes > before.ofProbes && others == before.others;
        }
    }

    /** Runs a look on the worker; returns null if it was good. */
    synchronized @Nullable String look(String what, Callable<Boolean> look, Duration timeout)
            throws InterruptedException {
        Future<?> before = hanging;
        if (before != null && !workerIsFree(timeout)) {
            return "not looked: the look before still hangs, although it was interrupted";
        }
        hanging = null;
        Future<Boolean> future = worker.submit(look);
        try {
            return answer(what, future, timeout) ? null : "false";
        } catch (TimeoutException e) {
            future.cancel(true);
            hanging = future;
            return "no answer within " + Durations.format(timeout);
        } catch (ExecutionException e) {
            return Recorder.text(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            future.cancel(true);
            hanging = future;
            throw e;
        } catch (CancellationException e) {
            return "cancelled";
        }
    }

    private boolean answer(String what, Future<Boolean> future, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        Duration begin = recorder.now();
        Duration left = timeout;
        while (left.compareTo(recorder.sayEvery()) > 0) {
            try {
                return future.get(recorder.sayEvery().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                recorder.waiting("the answer of " + what, recorder.now().minus(begin));
                left = left.minus(recorder.sayEvery());
            }
        }
        return future.get(left.toNanos(), TimeUnit.NANOSECONDS);
    }

    private boolean workerIsFree(Duration timeout) throws InterruptedException {
        Future<?> marker = worker.submit(() -> {});
        try {
            marker.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            marker.cancel(true);
            return false;
        } catch (ExecutionException e) {
            return true;
        }
    }

    /** Gives a look that hangs a second to heed its interruption; says so if it does not. */
    @Override
    public void close() {
        Thread thread = beside;
        try {
            if (thread != null) {
                thread.interrupt();
                thread.join(TimeUnit.SECONDS.toMillis(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        worker.shutdownNow();
        try {
            if (!worker.awaitTermination(1, TimeUnit.SECONDS)) {
                recorder.event(
                        Event.Kind.TROUBLE,
                        "",
                        "a look at the steady state hangs and does not heed its interruption; its thread is left behind");
                lookDone.run(); // or every later connection would count as a probe's
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
