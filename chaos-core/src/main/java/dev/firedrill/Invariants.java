package dev.firedrill;

import dev.firedrill.history.History;
import dev.firedrill.history.Invariant;
import dev.firedrill.history.Invariant.Result;
import dev.firedrill.history.Invariant.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Checks the invariants at the end of a run. */
final class Invariants {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration TRY_EVERY = Duration.ofMillis(200);

    private final Recorder recorder;
    private final Prober prober;

    Invariants(Recorder recorder, Prober prober) {
        this.recorder = recorder;
        this.prober = prober;
    }

    List<Result> check(List<Invariant> invariants, boolean patient) throws InterruptedException {
        List<Result> results = new ArrayList<>();
        History history = recorder.history();
        for (Invariant invariant : invariants) {
            results.add(check(invariant, history, patient));
        }
        return results;
    }

    /** A system that has just come back may refuse a first read; one that has not is not asked twice. */
    private Result check(Invariant invariant, History history, boolean patient) throws InterruptedException {
        Duration begin = recorder.now();
        Duration said = begin;
        Duration until = begin.plus(patient ? PATIENCE : Duration.ZERO);
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            Result result = once(invariant, history);
            if (result.state() != State.UNREADABLE || recorder.now().compareTo(until) >= 0) {
                return result;
            }
            never.await(TRY_EVERY.toNanos(), TimeUnit.NANOSECONDS);
            if (recorder.now().minus(said).compareTo(recorder.sayEvery()) >= 0) {
                said = recorder.now();
                recorder.waiting(
                        "\"" + invariant.name() + "\" to be readable, last seen: " + result.detail(),
                        said.minus(begin));
            }
        }
    }

    private Result once(Invariant invariant, History history) throws InterruptedException {
        AtomicReference<Result> found = new AtomicReference<>();
        String trouble = prober.look(
                "the invariant \"" + invariant.name() + "\"",
                () -> {
                    try {
                        boolean holds = invariant.check().holds(history);
                        found.set(new Result(
                                invariant.name(), holds ? State.HOLDS : State.BROKEN, holds ? "ok" : "false"));
                    } catch (AssertionError e) {
                        found.set(new Result(invariant.name(), State.BROKEN, Recorder.text(e)));
                    }
                    return true;
                },
                LIMIT);
        Result result = found.get();
        if (trouble == null && result != null) {
            return result;
        }
        return new Result(invariant.name(), State.UNREADABLE, trouble == null ? "no result" : trouble);
    }
}
