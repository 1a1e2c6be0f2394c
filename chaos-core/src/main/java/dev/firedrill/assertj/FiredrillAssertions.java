package dev.firedrill.assertj;

import dev.firedrill.Report;
import org.jspecify.annotations.Nullable;

/**
 * Where assertions begin. Its {@code assertThat} may be imported statically beside that of AssertJ.
 *
 * <pre>{@code
 * Report report = experiment.observe(drill -> cart.add("pen"));
 * assertThat(report).hasVerdict(RECOVERED).recoveredWithin(ofSeconds(2)).hasEffectOn("redis");
 * }</pre>
 *
 * @since 0.1
 */
public final class FiredrillAssertions {

    private FiredrillAssertions() {}

    /**
     * Begins assertions on a report.
     *
     * @param report what came out of an experiment
     * @return the assertions
     */
    public static ReportAssert assertThat(@Nullable Report report) {
        return new ReportAssert(report);
    }
}
