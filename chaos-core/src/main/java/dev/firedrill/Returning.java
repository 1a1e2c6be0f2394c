package dev.firedrill;

import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.Sample;
import dev.firedrill.probe.Sample.Phase;
import dev.firedrill.schedule.Durations;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Waits for the system to be well again, and measures when it was. Used once. */
final class Returning {

    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final Experiment experiment;
    private final Recorder recorder;
    private final Prober prober;
    private final List<Node> nodes;
    private final String subject;
    private @Nullable Recovery recovery;
    private @Nullable String expected;
    private @Nullable String lastSeen;

    Returning(Experiment experiment, Recorder recorder, Prober prober, List<Node> nodes, String subject) {
        this.experiment = experiment;
        this.recorder = recorder;
        this.prober = prober;
        this.nodes = nodes;
        this.subject = subject;
    }

    /** The clock may have started before the body ended: then what was seen beside it counts, and must still be true. */
    Evidence.Return await(Duration clockStart, Duration bodyEnded, Recovery.From from, String kinds)
            throws InterruptedException {
        Duration limit = experiment.deadline();
        String since = from == Recovery.From.HEAL
                ? " after " + kinds + " was healed"
                : " after " + kinds + " took effect, the fault still in force";
        List<Prober.Held> seen = prober.besideSince(clockStart);
        String blind = from == Recovery.From.EFFECT && bodyEnded.compareTo(clockStart.plus(limit)) >= 0
                ? "; nobody looked before the body ended, " + Recorder.rounded(bodyEnded.minus(clockStart))
                        + " after the effect: have it sampled beside the body (during = true), end the body sooner, or"
                        + " allow more"
                : "";
        boolean early = !seen.isEmpty() && seen.stream().allMatch(Prober.Held::isHeld);
        Evidence.Return back = early
                ? steady(seen, clockStart, limit, from, since, blind)
                : steady(prober.hold(seen, Phase.AFTER, clockStart, limit), clockStart, limit, from, since, blind);
        if (back.inTime() && early) {
            back = still(back, prober.hold(Phase.AFTER, bodyEnded, limit), bodyEnded.plus(limit));
        }
        // a fault that stays keeps its nodes down on purpose
        back = back.inTime() && from == Recovery.From.HEAL ? ready(back, clockStart, limit, since) : back;
        if (!back.inTime()) {
            recovery = null;
        }
        return back;
    }

    private Evidence.Return still(Evidence.Return back, List<Prober.Held> after, Duration deadline) {
        return after.stream()
                .filter(each -> !isInTime(each, deadline))
                .findFirst()
                .map(this::gone)
                .orElse(back);
    }

    private Evidence.Return gone(Prober.Held held) {
        expected(held);
        return new Evidence.Return(false, subject + " recovered beside the body, but was not well after it", null);
    }

    private static boolean isInTime(Prober.Held held, Duration deadline) {
        return held.isHeld()
                && held.hold()
                        .firstGood()
                        .filter(first -> first.end().compareTo(deadline) <= 0)
                        .isPresent();
    }

    private void expected(Prober.Held held) {
        expected = "\"" + held.state().name() + "\" holds for " + held.state().hold() + " samples in a row";
        lastSeen = held.lastSeen();
    }

    private Evidence.Return steady(
            List<Prober.Held> all,
            Duration clockStart,
            Duration limit,
            Recovery.From from,
            String since,
            String blind) {
        if (all.isEmpty()) {
            return new Evidence.Return(true, subject + " survived: the body passed under the faults", null);
        }
        Duration latest = Duration.ZERO;
        Duration notBefore = Duration.ZERO;
        for (Prober.Held each : all) {
            Sample first = each.hold().firstGood().orElse(null);
            if (first == null || !isInTime(each, clockStart.plus(limit))) {
                expected(each);
                return new Evidence.Return(
                        false,
                        subject + " did not recover within " + Durations.format(limit) + since
                                + (each.state().during() ? "" : blind),
                        null);
            }
            if (first.end().compareTo(latest) >= 0) {
                latest = first.end();
                notBefore = each.hold().lastBad().map(Sample::begin).orElse(clockStart);
            }
        }
        Duration took = latest.minus(clockStart);
        recovery = new Recovery(from, notBefore.minus(clockStart), took);
        return new Evidence.Return(true, subject + " recovered in " + Recorder.rounded(took) + since, took);
    }

    /** A node that does not come back is no recovery, whatever the probes look at. */
    private Evidence.Return ready(Evidence.Return steady, Duration clockStart, Duration limit, String since)
            throws InterruptedException {
        Duration deadline = clockStart.plus(limit);
        CountDownLatch never = new CountDownLatch(1);
        Duration said = recorder.now();
        for (Node node : nodes) {
            while (node.state() == Node.State.STARTING && recorder.now().compareTo(deadline) < 0) {
                never.await(LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
                if (recorder.now().minus(said).compareTo(recorder.sayEvery()) >= 0) {
                    said = recorder.now();
                    recorder.waiting(node.name() + " to be ready", said.minus(clockStart));
                }
            }
            if (node.state() != Node.State.READY) {
                expected = node.name() + " accepts connections on "
                        + node.service().ports();
                lastSeen = node.state() + node.outputText();
                return new Evidence.Return(
                        false, node.name() + " did not come back within " + Durations.format(limit) + since, null);
            }
        }
        return steady;
    }

    @Nullable
    Recovery recovery() {
        return recovery;
    }

    @Nullable
    String expected() {
        return expected;
    }

    @Nullable
    String lastSeen() {
        return lastSeen;
    }
}
