package dev.firedrill.fault;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of bytes a second.
 *
 * @param bytesPerSecond at least zero; zero lets nothing pass
 * @since 0.1
 */
public record DataRate(long bytesPerSecond) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,12})\\s*(B|KB|MB|GB|KiB|MiB|GiB)/s");

    /**
     * Checks the argument.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public DataRate {
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException(
                    "rate " + bytesPerSecond + " B/s is negative; allowed is 0 or more, such as 64KB/s");
        }
    }

    /**
     * Reads a rate such as {@code 64KB/s}.
     *
     * @param text a whole number and one of {@code B/s}, {@code KB/s} (1,000 bytes), {@code MB/s}, {@code GB/s}, {@code
     *     KiB/s} (1,024 bytes), {@code MiB/s}, {@code GiB/s}
     * @return the rate
     * @throws IllegalArgumentException if the text is of another form
     */
    public static DataRate parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("rate \"" + text
                    + "\" is not a whole number with one of the units B/s, KB/s, MB/s, GB/s, KiB/s, MiB/s, GiB/s; write"
                    + " for example \"64KB/s\"");
        }
        long unit = switch (matcher.group(2)) {
            case "KB" -> 1_000L;
            case "MB" -> 1_000_000L;
            case "GB" -> 1_000_000_000L;
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            default -> 1L;
        };
        try {
            return new DataRate(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "rate \"" + text + "\" is too large; allowed is up to " + Long.MAX_VALUE / 1_000_000_000
                            + "GB/s, and a link without a limit needs no fault",
                    e);
        }
    }

    @Override
    public String toString() {
        if (bytesPerSecond >= 1_000_000 && bytesPerSecond % 1_000_000 == 0) {
            return String.format(Locale.ROOT, "%dMB/s", bytesPerSecond / 1_000_000);
        }
        return bytesPerSecond >= 1_000 && bytesPerSecond % 1_000 == 0
                ? String.format(Locale.ROOT, "%dKB/s", bytesPerSecond / 1_000)
                : bytesPerSecond + "B/s";
    }
}
