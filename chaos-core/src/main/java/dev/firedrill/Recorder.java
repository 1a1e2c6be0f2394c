package dev.firedrill;

import dev.firedrill.history.History;
import dev.firedrill.history.Operation;
import dev.firedrill.history.Operation.Outcome;
import dev.firedrill.probe.Sample;
import dev.firedrill.report.Choice;
import dev.firedrill.report.Event;
import dev.firedrill.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what happens in one run. Safe for concurrent use. */
final class Recorder {

    /** More would not be a history that a test can check, and every one is needed by the invariants. */
    static final int MAX_OPERATIONS = 1_000_000;

    private static final int MAX_CHOICES = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger("dev.firedrill");

    /** One line for each experiment, for those who want no more. */
    private static final Logger VERDICTS = LoggerFactory.getLogger("dev.firedrill.verdict");

    private final String experiment;
    private final TimeSource time;
    private final long origin;
    private final Duration sayEvery;
    private final List<Event> events = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private final List<Choice> choices = new ArrayList<>();
    private final List<Operation> operations = new ArrayList<>();
    private final Set<Integer> open = ConcurrentHashMap.newKeySet(); // read on the hot path
    private final Set<Throwable> misuses =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    private long droppedChoices;

    Recorder(String experiment, TimeSource time, Duration sayEvery) {
        this.experiment = experiment;
        this.time = time;
        this.sayEvery = sayEvery;
        this.origin = time.nanos();
    }

    Duration now() {
        return Duration.ofNanos(time.nanos() - origin);
    }

    void event(Event.Kind kind, String subject, String text) {
        Event event = new Event(now(), kind, subject, text);
        synchronized (events) {
            events.add(event);
        }
        LOG.info("[{}] +{} {}{}", experiment, seconds(event.at()), subject.isEmpty() ? "" : subject + ": ", text);
    }

    /** Whoever waits longer says so, and for what. */
    Duration sayEvery() {
        return sayEvery;
    }

    void waiting(String what, Duration since) {
        LOG.info("[{}] +{} still waiting for {}, for {} now", experiment, seconds(now()), what, seconds(since));
    }

    void over(Report report) {
        VERDICTS.info("{}", report.line());
    }

    void sample(Sample sample) {
        synchronized (samples) {
            samples.add(sample);
        }
    }

    void choice(Choice choice) {
        synchronized (choices) {
            if (choices.size() < MAX_CHOICES) {
                choices.add(choice);
            } else {
                droppedChoices++;
            }
        }
    }

    /** Notes that the body asked for what can't be, which is no failure of the system; returns the same. */
    <E extends RuntimeException> E misuse(E refusal) {
        misuses.add(refusal);
        return refusal;
    }

    boolean isMisuse(@Nullable Throwable failure) {
        return misuses.contains(failure);
    }

    int begin(String name, @Nullable Object input) {
        synchronized (operations) {
            if (operations.size() >= MAX_OPERATIONS) {
                throw misuse(new IllegalStateException("more than " + MAX_OPERATIONS
                        + " operations in one experiment; record fewer, or split the experiment"));
            }
            int index = operations.size();
            Duration now = now();
            operations.add(new Operation(index, name, now, now, input, null, Outcome.UNKNOWN, "had not ended"));
            open.add(index);
            return index;
        }
    }

    void end(int index, @Nullable Object output, @Nullable Throwable failure) {
        synchronized (operations) {
            if (open.remove(index)) {
                Operation begun = operations.get(index);
                operations.set(
                        index,
                        new Operation(
                                index,
                                begun.name(),
                                begun.begin(),
                                now(),
                                begun.input(),
                                output,
                                Outcomes.of(failure),
                                failure == null ? null : text(failure)));
            }
        }
    }

    /** Whether something of the test is going on now that no probe could be taken for. */
    boolean operating() {
        return !open.isEmpty();
    }

    /** The oldest operation besides the body that has not ended, for people; empty if there is none. */
    String doing() {
        synchronized (operations) {
            return open.stream()
                    .sorted()
                    .map(operations::get)
                    .filter(each -> !each.name().equals(Operation.BODY))
                    .findFirst()
                    .map(each -> ", which does \"" + each.name() + "\"")
                    .orElse("");
        }
    }

    List<Event> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    List<Sample> samples() {
        synchronized (samples) {
            return List.copyOf(samples);
        }
    }

    List<Choice> choices() {
        synchronized (choices) {
            return List.copyOf(choices);
        }
    }

    long droppedChoices() {
        synchronized (choices) {
            return droppedChoices;
        }
    }

    /** What was done so far. Of an operation that has not ended nobody knows whether it takes effect. */
    History history() {
        synchronized (operations) {
            Duration now = now();
            return new History(operations.stream()
                    .map(each -> open.contains(each.index())
                            ? new Operation(
                                    each.index(),
                                    each.name(),
                                    each.begin(),
                                    now,
                                    each.input(),
                                    null,
                                    each.outcome(),
                                    each.error())
                            : each)
                    .toList());
        }
    }

    /** Begin and end of each operation. */
    List<Duration[]> spans() {
        return history().operations().stream()
                .map(each -> new Duration[] {each.begin(), each.end()})
                .toList();
    }

    List<Operation> ended() {
        synchronized (operations) {
            return operations.stream()
                    .filter(each -> !open.contains(each.index()))
                    .toList();
        }
    }

    static String text(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        try {
            String message = failure.getMessage();
            return message == null || message.isBlank() ? name : message.strip();
        } catch (RuntimeException e) {
            return name + ", whose message can't be read: "
                    + e.getClass().getSimpleName(); // it is somebody else's code
        }
    }

    /** A length of time for people: milliseconds below a second, a decimal above. */
    static String rounded(Duration duration) {
        return duration.toMillis() < 1_000 ? duration.toMillis() + "ms" : seconds(duration);
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1fs", duration.toNanos() / 1e9);
    }
}
