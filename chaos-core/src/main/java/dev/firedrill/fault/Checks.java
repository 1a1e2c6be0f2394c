package dev.firedrill.fault;

import dev.firedrill.schedule.Durations;
import java.time.Duration;

/** The checks that fault records share. */
final class Checks {

    private Checks() {}

    static void notNegative(String fault, String component, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(
                    fault + ": " + component + " " + text(value) + " is negative; allowed is 0ms or more");
        }
    }

    static void positive(String fault, String component, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(
                    fault + ": " + component + " " + text(value) + " is not positive; allowed is more than 0ms");
        }
    }

    static String text(Duration value) {
        return Durations.format(value);
    }
}
