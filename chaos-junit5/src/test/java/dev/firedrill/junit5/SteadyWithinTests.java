package dev.firedrill.junit5;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.Upstream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How long an extension that was built by hand waits for the steady state. */
class SteadyWithinTests {

    private static final Upstream ECHO = new Echo().upstream();

    private static ExtensionBuilder builder() {
        return FiredrillExtension.builder().service("echo", ECHO).inject(new dev.firedrill.fault.Refuse(), "echo");
    }

    static class ByHand {

        @RegisterExtension
        static final FiredrillExtension chaos = builder()
                .steadyState("never", () -> false)
                .steadyWithin(ofMillis(70))
                .build();

        @Test
        void test() {}
    }

    @Test
    void the_steady_state_is_waited_for_as_long_as_is_said() {
        assertThat(Kit.of(ByHand.class).failure())
                .hasMessageStartingWith(
                        "\"never\" did not hold within 70ms before any fault was injected; last seen: false");
    }

    static class LongerByHand {

        @RegisterExtension
        static final FiredrillExtension chaos =
                builder().steadyWithin(ofMillis(70)).build();

        @SteadyState(within = "30ms")
        boolean never() {
            return false;
        }

        @Test
        void test() {}
    }

    static class ShorterByHand {

        @RegisterExtension
        static final FiredrillExtension chaos =
                builder().steadyWithin(ofMillis(30)).build();

        @SteadyState(within = "70ms")
        boolean never() {
            return false;
        }

        @Test
        void test() {}
    }

    @Test
    void the_longest_counts() {
        assertThat(Kit.of(LongerByHand.class).failure()).hasMessageStartingWith("\"never\" did not hold within 70ms ");
        assertThat(Kit.of(ShorterByHand.class).failure()).hasMessageStartingWith("\"never\" did not hold within 70ms ");
    }

    static class NotPositive {

        @RegisterExtension
        static final FiredrillExtension chaos =
                builder().steadyWithin(Duration.ZERO).build();

        @SteadyState
        void well() {}

        @Test
        void test() {}
    }

    static class NothingToWaitFor {

        @RegisterExtension
        static final FiredrillExtension chaos =
                builder().steadyWithin(ofMillis(1500)).build();

        @Test
        void test() {}
    }

    @Test
    void a_time_without_meaning() {
        assertThat(Kit.of(NotPositive.class).failure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage(
                        "SteadyWithinTests.NotPositive.test: steadyWithin 0ms is not positive; allowed is more than 0ms,"
                                + " such as 10s");
        assertThat(Kit.of(NothingToWaitFor.class).failure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage("steadyWithin 1.5s of the FiredrillExtension has nothing to wait for in"
                        + " SteadyWithinTests.NothingToWaitFor.test: no steady state is declared; add what must hold, or"
                        + " remove it");
    }
}
