package dev.firedrill;

import dev.firedrill.history.Operation;
import dev.firedrill.history.Operation.Outcome;
import dev.firedrill.probe.Sample.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Errors and latency from the first effect on. What was not sampled is null.
 *
 * @param timeToImpact from the first effect to the first error
 * @param errors how many operations failed, or samples beside the body were bad
 * @param worst the longest of them
 */
record Impact(
        @Nullable Duration timeToImpact,
        @Nullable Integer errors,
        @Nullable Duration worst) {

    static final Impact NOT_MEASURED = new Impact(null, null, null);

    static Impact of(@Nullable Duration effect, Recorder recorder) {
        if (effect == null) {
            return NOT_MEASURED;
        }
        List<Duration> bad = new ArrayList<>();
        List<Duration> latencies = new ArrayList<>();
        recorder.ended().stream()
                .filter(each -> !each.name().equals(Operation.BODY))
                .filter(each -> each.end().compareTo(effect) >= 0)
                .forEach(each -> {
                    latencies.add(each.took());
                    if (each.outcome() != Outcome.OK) {
                        bad.add(each.end());
                    }
                });
        recorder.samples().stream()
                .filter(each -> each.phase() == Phase.DURING && each.end().compareTo(effect) >= 0)
                .forEach(each -> {
                    latencies.add(each.end().minus(each.begin()));
                    if (!each.good()) {
                        bad.add(each.end());
                    }
                });
        return new Impact(
                bad.stream()
                        .min(Duration::compareTo)
                        .map(each -> each.minus(effect))
                        .orElse(null),
                latencies.isEmpty() ? null : bad.size(),
                latencies.stream().max(Duration::compareTo).orElse(null));
    }
}
