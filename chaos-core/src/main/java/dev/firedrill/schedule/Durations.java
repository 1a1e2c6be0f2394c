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
        try {
            return Duration.ofNanos(new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .toBigInteger()
                    .longValueExact());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("\"" + text + "\" is longer than 292 years; use a shorter duration", e);
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
}
