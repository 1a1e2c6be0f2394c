package dev.firedrill.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a fault is in force, and for which part of the traffic.
 *
 * <p>Times count from T0, the start of the body, or from the trigger if there is one. Immutable; each method returns a
 * changed copy.
 *
 * @param after how long after T0 or the trigger; zero for "in force before the body begins"
 * @param lasting how long each occurrence is in force; null until the body has ended and the rest of the schedule is over
 * @param every from the start of one occurrence to the start of the next; null for one occurrence
 * @param times how many occurrences; 1 unless {@code every} is given
 * @param probability how likely each candidate is hit, above 0 and at most 1
 * @param nth hit only the n-th candidate, counted from 1; 0 for all
 * @param on the name of the trigger that {@code Drill.trigger} pulls; null for T0
 * @param within how long the trigger is waited for
 * @since 0.1
 */
public record Schedule(
        DurationRange after,
        @Nullable DurationRange lasting,
        @Nullable Duration every,
        int times,
        double probability,
        int nth,
        @Nullable String on,
        Duration within) {

    /** How long a trigger is waited for unless said otherwise. */
    public static final Duration DEFAULT_WITHIN = Duration.ofSeconds(30);

    /** The most occurrences that one schedule may have. */
    public static final int MAX_TIMES = 10_000;

    private static final Schedule NOW =
            new Schedule(DurationRange.of(Duration.ZERO), null, null, 1, 1.0, 0, null, DEFAULT_WITHIN);

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if the schedule has no end, an occurrence would not be over when the next begins, or
     *     a number is out of bounds; its end must come within {@link Durations#LONGEST}
     */
    public Schedule {
        requireNonNull(after, "after");
        requireNonNull(within, "within");
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException(
                    "probability " + probability + " is outside 0..1; write for example 0.05 for one in twenty");
        }
        if (probability == 0) {
            throw new IllegalArgumentException(
                    "probability 0.0 would never hit anything; use a value above 0, or remove the fault");
        }
        if (nth < 0) {
            throw new IllegalArgumentException("nth " + nth + " is negative; allowed is 1 or more, or 0 for all");
        }
        if (nth > 0 && probability < 1) {
            throw new IllegalArgumentException(
                    "nth " + nth + " and probability " + probability + " exclude each other; keep one of them");
        }
        if (times < 1 || times > MAX_TIMES) {
            throw new IllegalArgumentException(
                    "times " + times + " is outside 1.." + MAX_TIMES + "; write how often the fault occurs");
        }
        if (on != null && on.isBlank()) {
            throw new IllegalArgumentException(
                    "on \"" + on + "\" is blank; give the name that the body passes to Drill.trigger, or remove it");
        }
        if (within.isNegative() || within.isZero()) {
            throw new IllegalArgumentException(
                    "within " + Durations.format(within) + " is no time to wait for a trigger; use for example 10s");
        }
        Durations.checkLength("within", within);
        if (every == null && times > 1) {
            throw new IllegalArgumentException(
                    "times " + times + " needs every: say how far apart the occurrences begin, such as every = \"1s\"");
        }
        if (every != null) {
            checkEvery(every, times, lasting);
        }
        checkEnd(after, lasting, every, times);
    }

    private static void checkEnd(
            DurationRange after, @Nullable DurationRange lasting, @Nullable Duration every, int times) {
        Duration end = after.max();
        List<String> words = new ArrayList<>();
        if (!end.isZero()) {
            words.add("after " + after);
        }
        if (every != null) {
            end = end.plus(every.multipliedBy(times - 1L));
            words.add("every " + Durations.format(every));
            words.add("times " + times);
        }
        if (lasting != null) {
            end = end.plus(lasting.max());
            words.add("lasting " + lasting);
        }
        if (end.compareTo(Durations.LONGEST) > 0) {
            throw new IllegalArgumentException(String.join(" and ", words) + " together come to "
                    + Durations.format(end) + "; allowed is up to " + Durations.format(Durations.LONGEST));
        }
    }

    private static void checkEvery(Duration every, int times, @Nullable DurationRange lasting) {
        if (times == 1) {
            throw new IllegalArgumentException(
                    "every " + Durations.format(every) + " has no end; say how often with times, such as times = 3");
        }
        if (every.isNegative() || every.isZero()) {
            throw new IllegalArgumentException(
                    "every " + Durations.format(every) + " is no period; allowed is more than 0ms");
        }
        Durations.checkLength("every", every);
        if (lasting != null && lasting.max().compareTo(every) >= 0) {
            throw new IllegalArgumentException("lasting " + lasting + " is not shorter than every "
                    + Durations.format(every) + ", so the occurrences would overlap; shorten it or space them out");
        }
    }

    private static DurationRange range(String word, Duration value) {
        try {
            return DurationRange.of(requireNonNull(value, word));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(word + " " + e.getMessage(), e);
        }
    }

    /**
     * In force before the body begins and until it has ended.
     *
     * @return the plain schedule
     */
    public static Schedule now() {
        return NOW;
    }

    /**
     * Begins later.
     *
     * @param delay how long after T0 or the trigger
     * @return a changed copy
     */
    public Schedule after(Duration delay) {
        return after(range("after", delay));
    }

    /**
     * Begins later, at a time drawn by the seed.
     *
     * @param delay the bounds
     * @return a changed copy
     */
    public Schedule after(DurationRange delay) {
        return new Schedule(delay, lasting, every, times, probability, nth, on, within);
    }

    /**
     * Ends by itself.
     *
     * @param length how long each occurrence is in force
     * @return a changed copy
     */
    public Schedule lasting(Duration length) {
        return lasting(range("lasting", length));
    }

    /**
     * Ends by itself, after a time drawn by the seed.
     *
     * @param length the bounds
     * @return a changed copy
     */
    public Schedule lasting(DurationRange length) {
        return new Schedule(after, length, every, times, probability, nth, on, within);
    }

    /**
     * Occurs several times. Both words come together: a period without an end is refused.
     *
     * @param period from one start to the next
     * @param count how many occurrences, from 1 to {@value #MAX_TIMES}
     * @return a changed copy
     */
    public Schedule every(Duration period, int count) {
        return new Schedule(after, lasting, period, count, probability, nth, on, within);
    }

    /**
     * Hits only some of the candidates (see {@code Fault.candidate}), chosen by the seed.
     *
     * <p>If none of the first {@code 2 / value} candidates was drawn, the next is hit: an experiment without effect then
     * means too little traffic, never bad luck.
     *
     * @param value above 0 and at most 1
     * @return a changed copy
     */
    public Schedule probability(double value) {
        return new Schedule(after, lasting, every, times, value, nth, on, within);
    }

    /**
     * Hits only one candidate.
     *
     * @param number which, counted from 1 over the life of the step
     * @return a changed copy
     */
    public Schedule nth(int number) {
        return new Schedule(after, lasting, every, times, probability, number, on, within);
    }

    /**
     * Counts from a trigger instead of T0.
     *
     * @param trigger the name that the body passes to {@code Drill.trigger}
     * @return a changed copy
     */
    public Schedule on(String trigger) {
        return new Schedule(after, lasting, every, times, probability, nth, trigger, within);
    }

    /**
     * Bounds the wait for the trigger.
     *
     * @param bound how long after T0 the trigger may come
     * @return a changed copy
     */
    public Schedule within(Duration bound) {
        return new Schedule(after, lasting, every, times, probability, nth, on, bound);
    }

    /**
     * Says whether the first occurrence is in force before the body begins.
     *
     * @return true without a delay and a trigger
     */
    public boolean beforeBody() {
        return on == null && after.max().isZero();
    }

    /**
     * The occurrences of one run, with all lengths drawn.
     *
     * @param chance the site of the step
     * @return in order of their start; the offsets count from T0 or the trigger
     */
    public List<Window> windows(Chance chance) {
        List<Window> windows = new ArrayList<>(times);
        Duration first = after.pick(chance.at("after"));
        Chance lengths = chance.at("lasting");
        for (int i = 0; i < times; i++) {
            Duration start = every == null ? first : first.plus(every.multipliedBy(i));
            windows.add(new Window(start, end(start, i, lengths)));
        }
        return List.copyOf(windows);
    }

    private @Nullable Duration end(Duration start, int occurrence, Chance lengths) {
        if (lasting != null) {
            return start.plus(lasting.pick(lengths.at(occurrence)));
        }
        // without a length of its own, an occurrence gives way to the next; the last one stays until the body has ended
        return every != null && occurrence < times - 1 ? start.plus(every) : null;
    }

    /**
     * One occurrence.
     *
     * @param start the offset at which it begins
     * @param end the offset at which it ends; null for the end of the body
     * @since 0.1
     */
    public record Window(Duration start, @Nullable Duration end) {}

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(beforeBody() ? "before the body" : "after " + after);
        if (on != null) {
            text.append(" on ").append(on);
        }
        if (lasting != null) {
            text.append(" lasting ").append(lasting);
        }
        if (every != null) {
            text.append(" every ").append(Durations.format(every)).append(" x ").append(times);
        }
        if (probability < 1) {
            text.append(" with probability ").append(probability);
        }
        if (nth > 0) {
            text.append(" for candidate ").append(nth).append(" only");
        }
        return text.toString();
    }
}
