package dev.firedrill.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTests {

    @ParameterizedTest
    @CsvSource({
        "250ms, PT0.25S",
        "0ms, PT0S",
        "1.5s, PT1.5S",
        "2m, PT2M",
        "1h, PT1H",
        "20us, PT0.00002S",
        "7ns, PT0.000000007S",
        "' 3 s ', PT3S"
    })
    void reads_a_number_with_a_unit(String text, Duration expected) {
        assertThat(Durations.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "300|\"300\" has no unit; allowed are a number and one of ns, us, ms, s, m, h; write for example \"250ms\"",
                "-5ms|\"-5ms\" is negative; allowed are a number and one of ns, us, ms, s, m, h; write for example \"250ms\"",
                "soon|\"soon\" is not a duration; allowed are a number and one of ns, us, ms, s, m, h; write for example \"250ms\"",
                "999999999999h|\"999999999999h\" is longer than 876000h, which is 100 years; use a shorter duration",
                "876001h|\"876001h\" is longer than 876000h, which is 100 years; use a shorter duration"
            })
    void says_what_is_wrong(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0ms", "PT0.25S, 250ms", "PT1.5S, 1.5s", "PT90S, 90s", "PT0.00002S, 20us", "PT-1S, -1s"})
    void writes_what_it_reads(Duration duration, String expected) {
        assertThat(Durations.format(duration)).isEqualTo(expected);
    }

    @Test
    void writes_what_is_longer_than_it_reads() {
        assertThat(Durations.format(Duration.ofDays(36_500))).isEqualTo("876000h");
        assertThat(Durations.format(Duration.ofDays(365 * 300))).isEqualTo("2628000h");
        assertThat(Durations.format(Duration.ofDays(-365 * 300))).isEqualTo("-2628000h");
        assertThat(Durations.format(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo("-9223372036854775808s");
        assertThat(Durations.format(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)))
                .isEqualTo("9223372036854775807.999999999s");
    }

    @Test
    void a_range_is_drawn_between_its_bounds() {
        DurationRange range = DurationRange.parse("100ms..300ms");
        for (int i = 0; i < 1000; i++) {
            assertThat(range.pick(Chance.ofSeed(i))).isBetween(Duration.ofMillis(100), Duration.ofMillis(300));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationRange.parse("300ms..100ms"))
                .withMessage("the range 300ms..100ms is empty; write the shorter bound first");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationRange.of(Duration.ofDays(365 * 300)))
                .withMessage("2628000h is longer than 876000h, which is 100 years; use a shorter duration");
    }
}
