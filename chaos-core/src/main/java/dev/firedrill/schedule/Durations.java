package dev.firedrill.schedule;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as text with a unit: {@code 250ms}, {@code 1.5s}, {@code 2m}.
 *
 * @since 0.1
 */
public final class Durations {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,9})?)\\s*(ns|us|ms|s|m|h)");

    /** The longest that a duration of an experiment may be: 100 years, so that a sum of two is still a number of nanoseconds. */
    public static final Duration LONGEST = Duration.ofDays(36_500);

    private static final String TOO_LONG =
            " is longer than " + LONGEST.toHours() + "h, which is 100 years; use a shorter duration";

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @param text a number and a unit: {@code ns}, {@code us}, {@code ms}, {@code s}, {@code m} or {@code h}
     * @return the duration
     * @throws IllegalArgumentException if the text has no unit, is negative or is of another form
     */
    public static Duration parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(complaint(text));
        }
        long unit = switch (matcher.group(2)) {
            case "ns" -> 1L;
            case "us" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
        BigDecimal nanos = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        if (nanos.compareTo(BigDecimal.valueOf(LONGEST.toNanos())) > 0) {
            throw new IllegalArgumentException("\"" + text + "\"" + TOO_LONG);
        }
        return Duration.ofNanos(nanos.longValue());
    }

    /**
     * Checks that a duration is not longer than {@link #LONGEST}.
     *
     * @param what names it in the message, such as {@code within}
     * @param value the duration
     * @throws IllegalArgumentException if it is longer
     */
    public static void checkLength(String what, Duration value) {
        if (value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException((what + " " + format(value)).strip() + TOO_LONG);
        }
    }

    private static String complaint(String text) {
        String stripped = text.strip();
        String units = "allowed are a number and one of ns, us, ms, s, m, h; write for example \"250ms\"";
        if (stripped.startsWith("-")) {
            return "\"" + text + "\" is negative; " + units;
        }
        if (stripped.matches("\\d+(\\.\\d+)?")) {
            return "\"" + text + "\" has no unit; " + units;
        }
        return "\"" + text + "\" is not a duration; " + units;
    }

    /**
     * Writes a duration the way {@link #parse} reads it.
     *
     * @param duration the duration; a negative one is written with a minus sign
     * @return such as {@code 250ms} or {@code 1.5s}
     */
    public static String format(Duration duration) {
        BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds()).add(BigDecimal.valueOf(duration.getNano(), 9));
        if (seconds.abs().compareTo(BigDecimal.valueOf(LONGEST.toSeconds())) >= 0) {
            return ofCenturies(seconds); // may be too long for a number of nanoseconds
        }
        if (duration.isNegative()) {
            return "-" + format(duration.negated());
        }
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0ms";
        }
        if (nanos % 1_000 != 0) {
            return nanos + "ns";
        }
        if (nanos % 1_000_000 != 0) {
            return nanos / 1_000 + "us";
        }
        long millis = nanos / 1_000_000;
        if (millis < 1_000) {
            return millis + "ms";
        }
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + "s";
    }

    private static String ofCenturies(BigDecimal seconds) {
        BigDecimal[] hours = seconds.divideAndRemainder(BigDecimal.valueOf(3_600));
        return hours[1].signum() == 0
                ? hours[0].stripTrailingZeros().toPlainString() + "h"
                : seconds.stripTrailingZeros().toPlainString() + "s";
    }
}
