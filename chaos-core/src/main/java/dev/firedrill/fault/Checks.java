package dev.firedrill.fault;

import static java.util.Objects.requireNonNull;

import dev.firedrill.schedule.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The checks that fault records share. */
final class Checks {

    private Checks() {}

    static void notNegative(String fault, String component, Duration value) {
        given(fault, component, value, "0ms or more");
        if (value.isNegative()) {
            throw new IllegalArgumentException(
                    fault + ": " + component + " " + text(value) + " is negative; allowed is 0ms or more");
        }
        Durations.checkLength(fault + ": " + component, value);
    }

    static void positive(String fault, String component, Duration value) {
        given(fault, component, value, "more than 0ms");
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    fault + ": " + component + " " + text(value) + " is not positive; allowed is more than 0ms");
        }
        Durations.checkLength(fault + ": " + component, value);
    }

    private static void given(String fault, String component, @Nullable Duration value, String allowed) {
        requireNonNull(value, () -> fault + ": " + component + " is null; allowed is a duration of " + allowed);
    }

    static String text(Duration value) {
        return Durations.format(value);
    }
}
