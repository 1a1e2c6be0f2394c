package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.Report;
import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which faults a test has, and in which order. */
class AnnotationTests {

    private static final Upstream ECHO = new Echo().upstream();

    @Latency(target = "echo", delay = "30ms")
    @Bandwidth(target = "echo", rate = "1MB/s")
    @Retention(RetentionPolicy.RUNTIME)
    @interface SlowNetwork {}

    @Firedrill
    abstract static class Base {

        @ChaosService
        static final Upstream echo = ECHO;

        @ChaosService(name = "other")
        static final Upstream second = ECHO;

        static final List<String> FAULTS = new ArrayList<>();

        @ServiceUri("echo")
        InetSocketAddress address;

        @ServiceUri("other")
        InetSocketAddress other;

        void use() throws IOException {
            Echo.ask(address);
            Echo.ask(other);
        }

        @AfterEach
        void note(Optional<Report> report) {
            FAULTS.add(report.map(each -> each.steps().stream()
                            .map(step ->
                                    step.step().fault() + " on " + step.step().target())
                            .toList()
                            .toString())
                    .orElse("none"));
        }
    }

    private static List<String> faults(Class<?> type) {
        Base.FAULTS.clear();
        assertThat(Kit.failures(Kit.of(type).run())).isEmpty();
        return List.copyOf(Base.FAULTS);
    }

    private static String latency(int millis, String target) {
        return "Latency[delay=PT0.0" + millis + "S, jitter=PT0S, direction=DOWNSTREAM, distribution=UNIFORM] on "
                + target;
    }

    private static final String BANDWIDTH = "Bandwidth[rate=1MB/s, direction=BOTH] on echo";

    static class Composed extends Base {
        @Test
        @SlowNetwork
        @ExpectVerdict(Verdict.NO_EFFECT) // a byte or two are too few to feel the narrow pipe
        @Latency(target = "echo", delay = "11ms")
        @Latency(target = "echo", delay = "12ms")
        void test() throws IOException {
            use();
        }
    }

    @Test
    void composed_and_repeated_annotations_keep_the_order_of_the_source() {
        assertThat(faults(Composed.class))
                .containsExactly(List.of(latency(30, "echo"), BANDWIDTH, latency(11, "echo"), latency(12, "echo"))
                        .toString()
                        .replace("PT0.030S", "PT0.03S"));
    }

    @Latency(target = "echo", delay = "21ms")
    static class OnClass extends Base {
        @Test
        void inherits() throws IOException {
            use();
        }
    }

    @Test
    void a_fault_on_the_class_is_one_of_every_test() {
        assertThat(faults(OnClass.class)).containsExactly("[" + latency(21, "echo") + "]");
    }

    @Latency(target = "echo", delay = "21ms")
    static class MethodWins extends Base {
        @Test
        @Latency(target = "echo", delay = "22ms")
        void test() throws IOException {
            use();
        }
    }

    @Latency(target = "echo", delay = "21ms")
    static class OthersAddUp extends Base {
        @Test
        @Latency(target = "other", delay = "22ms")
        @Bandwidth(target = "echo", rate = "1MB/s")
        @ExpectVerdict(Verdict.NO_EFFECT)
        void test() throws IOException {
            use();
        }
    }

    @Test
    void the_method_wins_for_the_same_target_and_kind_and_others_add_up() {
        assertThat(faults(MethodWins.class)).containsExactly("[" + latency(22, "echo") + "]");
        assertThat(faults(OthersAddUp.class))
                .containsExactly(List.of(latency(21, "echo"), latency(22, "other"), BANDWIDTH)
                        .toString());
    }

    @Latency(target = "echo", delay = "21ms")
    static class WithoutFaults extends Base {
        @Test
        @NoFaults
        void test() throws IOException {
            use();
        }
    }

    static class Subclass extends OnClass {
        @Test
        @NoFaults
        @Latency(target = "other", delay = "22ms")
        void own() throws IOException {
            use();
        }
    }

    @NoFaults
    static class SubclassWithoutFaults extends OnClass {}

    @Test
    void no_faults_takes_those_of_the_class_away() {
        assertThat(faults(WithoutFaults.class)).containsExactly("none");
        assertThat(faults(Subclass.class))
                .containsExactlyInAnyOrder("[" + latency(21, "echo") + "]", "[" + latency(22, "other") + "]");
        assertThat(faults(SubclassWithoutFaults.class)).containsExactly("none");
    }

    interface Slow {
        @Test
        @Latency(target = "echo", delay = "23ms")
        default void of_an_interface() throws IOException {
            ((Base) this).use();
        }
    }

    static class Implements extends Base implements Slow {}

    @Test
    void tests_of_an_interface_have_their_faults() {
        assertThat(faults(Implements.class)).containsExactly("[" + latency(23, "echo") + "]");
    }

    @Latency(target = "echo", delay = "21ms")
    static class Outer extends Base {

        @Nested
        class Inner {
            @Test
            void inherits() throws IOException {
                use();
            }
        }

        @Nested
        @Latency(target = "echo", delay = "24ms")
        class Closer {
            @Test
            void wins() throws IOException {
                use();
            }
        }

        @Nested
        @NoFaults
        class Without {
            @Test
            void has_none() throws IOException {
                use();
            }
        }
    }

    @Test
    void nested_classes_inherit_faults_and_may_overrule_them() {
        assertThat(faults(Outer.class))
                .containsExactlyInAnyOrder("[" + latency(21, "echo") + "]", "[" + latency(24, "echo") + "]", "none");
    }

    static class AllWords extends Base {
        @Test
        @Latency(target = "echo", delay = "100ms..300ms", probability = 0.5)
        @Refuse(target = "echo", after = "1ms..2ms", lasting = "5ms", every = "20ms", times = 2)
        @ResetPeer(target = "echo", delay = "9ms", nth = 40, on = "go", within = "7s")
        @ExpectVerdict(Verdict.NO_EFFECT)
        void test() {}

        @AfterEach
        void schedules(Report report) {
            FAULTS.clear();
            report.steps()
                    .forEach(step -> FAULTS.add(
                            step.step().fault().kind() + " " + step.step().schedule()));
            FAULTS.add(report.steps().get(0).step().fault().toString());
        }
    }

    @Test
    void every_fault_has_the_same_schedule_words() {
        List<String> faults = faults(AllWords.class);
        assertThat(faults)
                .contains(
                        "latency before the body with probability 0.5",
                        "refuse after 1ms..2ms lasting 5ms every 20ms x 2",
                        "reset-peer after 0ms on go for candidate 40 only",
                        "Latency[delay=PT0.2S, jitter=PT0.1S, direction=DOWNSTREAM, distribution=UNIFORM]");
    }
}
