package dev.firedrill;

import dev.firedrill.history.History;
import dev.firedrill.history.Operation;
import dev.firedrill.history.Operation.Outcome;
import dev.firedrill.probe.Sample;
import dev.firedrill.report.Choice;
import dev.firedrill.report.Event;
import dev.firedrill.spi.TimeSource;
import java.io.InterruptedIOException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
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
    private final List<Event> events = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private final List<Choice> choices = new ArrayList<>();
    private final List<@Nullable Operation> operations = new ArrayList<>();
    private final AtomicInteger openOperations = new AtomicInteger();
    private final AtomicInteger samplesBeside = new AtomicInteger();
    private long droppedChoices;

    Recorder(String experiment, TimeSource time) {
        this.experiment = experiment;
        this.time = time;
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

    int begin() {
        synchronized (operations) {
            if (operations.size() >= MAX_OPERATIONS) {
                throw new IllegalStateException("more than " + MAX_OPERATIONS
                        + " operations in one experiment; record fewer, or split the experiment");
            }
            operations.add(null);
            openOperations.incrementAndGet();
            return operations.size() - 1;
        }
    }

    void end(
            int index,
            String name,
            Duration begun,
            @Nullable Object input,
            @Nullable Object output,
            @Nullable Throwable failure) {
        Operation operation = new Operation(
                index, name, begun, now(), input, output, outcome(failure), failure == null ? null : text(failure));
        synchronized (operations) {
            if (operations.set(index, operation) == null) {
                openOperations.decrementAndGet();
            }
        }
    }

    private static Outcome outcome(@Nullable Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof TimeoutException
                    || each instanceof InterruptedIOException
                    || each instanceof SQLTimeoutException) {
                return Outcome.UNKNOWN;
            }
        }
        return failure == null ? Outcome.OK : Outcome.FAILED;
    }

    /** Whether something of the test is going on now that no probe could be taken for. */
    boolean operating() {
        return openOperations.get() > 0;
    }

    boolean probingBeside() {
        return samplesBeside.get() > 0;
    }

    void beside(int change) {
        samplesBeside.addAndGet(change);
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

    /** What has ended; an operation that hangs for ever is not in it. */
    History history() {
        synchronized (operations) {
            return new History(operations.stream().filter(each -> each != null).toList());
        }
    }

    static String text(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message.strip();
    }

    /** A length of time for people: milliseconds below a second, a decimal above. */
    static String rounded(Duration duration) {
        return duration.toMillis() < 1_000 ? duration.toMillis() + "ms" : seconds(duration);
    }

    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1fs", duration.toNanos() / 1e9);
    }
}
