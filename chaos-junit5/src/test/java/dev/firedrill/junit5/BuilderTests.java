package dev.firedrill.junit5;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.firedrill.Drill;
import dev.firedrill.LocalProcess;
import dev.firedrill.Report;
import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Refuse;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All that annotations do, by hand. */
class BuilderTests {

    private static final Upstream ECHO = new Echo().upstream();
    private static final List<Report> REPORTS = new ArrayList<>();

    static class ByHand {

        @RegisterExtension
        static final FiredrillExtension chaos = FiredrillExtension.builder()
                .chaos(settings -> settings.seed(4711).reports(null))
                .service("echo", ECHO)
                .service("sleeper", LocalProcess.of("sleep", "60"))
                .steadyState(SteadyState.of("echo answers", ByHand::answers).every(ofMillis(10)))
                .invariant(
                        "one ask at the most",
                        history -> history.named("ask").operations().size() <= 1)
                .inject(new Latency(ofMillis(20)), "echo")
                .recoversWithin(ofSeconds(5))
                .build();

        private static boolean answers() throws IOException {
            return Echo.ask(chaos.service("echo").address());
        }

        @Test
        void every_test_has_the_fault(Drill drill) throws Exception {
            drill.operation("ask", () -> answers());
        }

        @Test
        @dev.firedrill.junit5.Latency(target = "echo", delay = "1ms")
        @dev.firedrill.junit5.Pause(target = "sleeper")
        void annotations_add_up_and_win(@ServiceUri("echo") InetSocketAddress address) throws IOException {
            Echo.ask(address);
        }

        @Test
        @NoFaults
        void may_do_without() throws IOException {
            assertThat(answers()).isTrue();
        }

        @Nested
        class Inner {
            @Test
            void nested_classes_too(@ServiceUri("echo") InetSocketAddress address) throws IOException {
                Echo.ask(address);
            }
        }

        @AfterEach
        void note(Optional<Report> report) {
            report.ifPresent(REPORTS::add);
        }
    }

    @Test
    void an_extension_that_was_built_by_hand_does_all_that_annotations_do() {
        REPORTS.clear();
        var results = Kit.of(ByHand.class).run();

        assertThat(Kit.failures(results)).isEmpty();
        assertThat(Kit.entries(results.testEvents(), "chaos.seed")).hasSize(3).containsOnly("4711");
        assertThat(REPORTS).extracting(Report::verdict).containsOnly(Verdict.RECOVERED);
        assertThat(REPORTS).extracting(Report::file).containsOnlyNulls();
        assertThat(REPORTS)
                .filteredOn(report -> report.steps().size() == 2)
                .singleElement()
                .satisfies(report -> assertThat(report.steps())
                        .extracting(step -> step.step().fault())
                        .containsExactly(new Latency(ofMillis(1)), new Pause()));
    }

    @Firedrill
    static class Both {

        @RegisterExtension
        static final FiredrillExtension chaos = FiredrillExtension.builder()
                .service("echo", ECHO)
                .inject(new Refuse(), "echo", Schedule.now().lasting(ofMillis(50)))
                .expect(Verdict.SURVIVED)
                .build();

        @Test
        void is_run_once(@ServiceUri InetSocketAddress address, Drill drill) throws Exception {
            try {
                Echo.ask(address);
            } catch (IOException expected) {
                drill.awaitHealed();
                return;
            }
            throw new AssertionError("not refused");
        }
    }

    @Test
    void beside_the_annotation_there_is_still_one_experiment() {
        var results = Kit.of(Both.class).inParallel().run();
        assertThat(Kit.failures(results)).isEmpty();
        assertThat(Kit.entries(results.testEvents(), "chaos.verdict")).containsExactly("SURVIVED");
    }

    @Test
    void a_service_is_there_only_while_a_test_class_runs() {
        FiredrillExtension extension =
                FiredrillExtension.builder().service("echo", ECHO).build();
        assertThatIllegalStateException()
                .isThrownBy(() -> extension.service("echo"))
                .withMessage(
                        "service \"echo\": no test class with this extension has begun; ask in a test or a lifecycle"
                                + " method");
    }
}
