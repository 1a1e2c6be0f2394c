package dev.firedrill.schedule;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * A length of time that is either fixed or drawn by the seed between two bounds.
 *
 * @param min the shortest, at least zero
 * @param max the longest, at least {@code min}
 * @since 0.1
 */
public record DurationRange(Duration min, Duration max) {

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException if the shortest is negative or longer than the longest, or the longest is longer than
     *     {@link Durations#LONGEST}
     */
    public DurationRange {
        requireNonNull(min, "min");
        requireNonNull(max, "max");
        if (min.isNegative()) {
            throw new IllegalArgumentException(Durations.format(min) + " is negative; allowed is 0ms or more");
        }
        if (min.compareTo(max) > 0) {
            throw new IllegalArgumentException("the range " + Durations.format(min) + ".." + Durations.format(max)
                    + " is empty; write the shorter bound first");
        }
        Durations.checkLength("", max);
    }

    /**
     * A fixed length.
     *
     * @param value the length
     * @return a range of one value
     */
    public static DurationRange of(Duration value) {
        return new DurationRange(value, value);
    }

    /**
     * Reads {@code 250ms} or {@code 100ms..300ms}.
     *
     * @param text one duration, or two joined by two dots
     * @return the range
     * @throws IllegalArgumentException if the text is of another form
     */
    public static DurationRange parse(String text) {
        int dots = text.indexOf("..");
        return dots < 0
                ? of(Durations.parse(text))
                : new DurationRange(
                        Durations.parse(text.substring(0, dots)), Durations.parse(text.substring(dots + 2)));
    }

    /**
     * Says whether there is nothing to draw.
     *
     * @return true if both bounds are the same
     */
    public boolean isFixed() {
        return min.equals(max);
    }

    /**
     * One value of the range.
     *
     * @param chance the site of the choice
     * @return the fixed value, or one drawn uniformly
     */
    public Duration pick(Chance chance) {
        return isFixed() ? min : min.plusNanos((long) (chance.uniform() * (max.toNanos() - min.toNanos())));
    }

    @Override
    public String toString() {
        return isFixed() ? Durations.format(min) : Durations.format(min) + ".." + Durations.format(max);
    }
}
