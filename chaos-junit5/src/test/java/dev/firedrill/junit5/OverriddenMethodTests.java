package dev.firedrill.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.Report;
import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLocksProvider.Lock;

/** What stands on a method that a test overrides: a level between the class and the test. */
class OverriddenMethodTests {

    private static final Upstream ECHO = new Echo().upstream();
    private static final List<String> SEEN = new ArrayList<>();

    @Firedrill
    abstract static class Root {

        @ChaosService
        static final Upstream echo = ECHO;

        @ServiceUri("echo")
        InetSocketAddress address;

        void use() throws IOException {
            Echo.ask(address);
        }

        @AfterEach
        void note(Optional<Report> report) {
            SEEN.add(report.map(OverriddenMethodTests::text).orElse("none"));
        }
    }

    /** Kinds and lengths of the faults, the deadline and the expected verdict, as far as they are there. */
    private static String text(Report report) {
        String text = String.join(
                " ",
                report.steps().stream()
                        .map(step -> step.step().fault().toString())
                        .map(fault -> fault.replaceAll("Latency\\[delay=PT0\\.0*(\\d+)S.*", "slow $1")
                                .replaceAll("Blackhole.*", "silent")
                                .replaceAll("Refuse.*", "refused"))
                        .toList());
        return text
                + (report.outcome().deadline() == null
                        ? ""
                        : " within " + report.outcome().deadline())
                + (report.expected() == null ? "" : " expecting " + report.expected());
    }

    private static List<String> seen(Class<?> type) {
        SEEN.clear();
        assertThat(Kit.failures(Kit.of(type).run())).isEmpty();
        return List.copyOf(SEEN);
    }

    // ---- superclasses and interfaces

    static class Base extends Root {
        @Test
        @Latency(target = "echo", delay = "11ms")
        void test() throws IOException {
            use();
        }
    }

    static class Overrides extends Base {
        @Test
        @Override
        void test() throws IOException {
            use();
        }
    }

    interface Slow {
        @Test
        @Latency(target = "echo", delay = "12ms")
        void test() throws IOException;
    }

    interface Contract<T> {
        @Test
        @Latency(target = "echo", delay = "13ms")
        default void test(T info) throws IOException {
            throw new IOException("overridden");
        }
    }

    static class Implements extends Root implements Slow {
        @Test
        @Override
        public void test() throws IOException {
            use();
        }
    }

    static class Generic extends Root implements Contract<TestInfo> {
        @Test
        @Override
        public void test(TestInfo info) throws IOException {
            use();
        }
    }

    static class FurtherDown extends Generic {
        @Test
        @Override
        public void test(TestInfo info) throws IOException {
            use();
        }
    }

    @Test
    void a_test_inherits_the_faults_of_what_it_overrides() {
        assertThat(seen(Overrides.class)).containsExactly("slow 11");
        assertThat(seen(Implements.class)).containsExactly("slow 12");
        assertThat(seen(Generic.class)).containsExactly("slow 13");
        assertThat(seen(FurtherDown.class)).containsExactly("slow 13");
    }

    abstract static class Undecided extends Root {
        @Latency(target = "echo", delay = "14ms")
        abstract void test() throws IOException;
    }

    static class Decided extends Undecided {
        @Test
        @Override
        void test() throws IOException {
            use();
        }

        @Nested
        class Inner {
            @Test
            void has_no_fault() {}
        }
    }

    static class Forgotten extends Undecided {
        @Override
        void test() {}

        @Test
        void other() {}
    }

    @Test
    void what_is_overridden_need_be_no_test_itself_as_long_as_a_test_overrides_it() {
        assertThat(seen(Decided.class)).containsExactlyInAnyOrder("slow 14", "none");
        assertThat(Kit.of(Forgotten.class).failure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage(
                        "@Latency on OverriddenMethodTests.Undecided.test does nothing: the method is no test; move it"
                                + " to a test method or to the class");
    }

    // ---- levels

    @Latency(target = "echo", delay = "21ms")
    static class ClassLoses extends Overrides {}

    static class Closer extends Base {
        @Test
        @Override
        @Latency(target = "echo", delay = "22ms")
        void test() throws IOException {
            use();
        }
    }

    static class EvenCloser extends Closer {
        @Test
        @Override
        @Blackhole(target = "echo", on = "never")
        @ExpectVerdict(Verdict.NO_EFFECT)
        void test() throws IOException {
            use();
        }
    }

    static class None extends EvenCloser {
        @Test
        @Override
        @NoFaults
        void test() throws IOException {
            use();
        }
    }

    static class Anew extends None {
        @Test
        @Override
        @Latency(target = "echo", delay = "23ms")
        @ExpectVerdict(Verdict.SURVIVED)
        void test() throws IOException {
            use();
        }
    }

    @Test
    void levels_add_up_and_the_closer_one_wins_as_it_does_among_classes() {
        assertThat(seen(ClassLoses.class)).containsExactly("slow 11");
        assertThat(seen(Closer.class)).containsExactly("slow 22");
        assertThat(seen(EvenCloser.class)).containsExactly("slow 22 silent expecting NO_EFFECT");
    }

    @Test
    void no_faults_takes_those_of_overridden_methods_away() {
        assertThat(seen(None.class)).containsExactly("none");
        assertThat(seen(Anew.class)).containsExactly("slow 23 expecting SURVIVED");
    }

    // ---- what is there only once

    @RecoversWithin("4s")
    @ExpectVerdict(Verdict.SURVIVED)
    static class Expectations extends Root {

        @SteadyState(every = "1ms")
        boolean echo_answers() throws IOException {
            return Echo.ask(address);
        }

        @Test
        @Latency(target = "echo", delay = "11ms")
        @RecoversWithin("5s")
        @ExpectVerdict(Verdict.RECOVERED)
        void test() throws IOException {
            use();
        }
    }

    static class Inherits extends Expectations {
        @Test
        @Override
        void test() throws IOException {
            use();
        }
    }

    static class Nearest extends Inherits {
        @Test
        @Override
        @RecoversWithin("6s")
        void test() throws IOException {
            use();
        }
    }

    static class NearestIsInherited extends Nearest {
        @Test
        @Override
        void test() throws IOException {
            use();
        }
    }

    @Test
    void the_nearest_deadline_and_expectation_win() {
        assertThat(seen(Inherits.class)).containsExactly("slow 11 within PT5S expecting RECOVERED");
        assertThat(seen(Nearest.class)).containsExactly("slow 11 within PT6S expecting RECOVERED");
        assertThat(seen(NearestIsInherited.class)).containsExactly("slow 11 within PT6S expecting RECOVERED");
    }

    abstract static class NothingToExpect extends Root {
        @ExpectVerdict(Verdict.NOT_RECOVERED)
        abstract void test();
    }

    static class ExpectsNothing extends NothingToExpect {
        @Test
        @Override
        void test() {}
    }

    static class TakesAway extends Expectations {
        @Test
        @Override
        @NoFaults
        void test() throws IOException {
            use();
        }
    }

    @Test
    void an_inherited_expectation_without_a_fault_says_nothing_unless_the_faults_were_taken_away() {
        assertThat(Kit.of(ExpectsNothing.class).failure())
                .isInstanceOf(ExtensionConfigurationException.class)
                .hasMessage(
                        "@ExpectVerdict on OverriddenMethodTests.NothingToExpect.test says nothing: the test declares"
                                + " no fault; add one, or remove it");
        assertThat(seen(TakesAway.class)).containsExactly("none");
    }

    // ---- what only looks like it

    static class Lookalikes extends Root {
        @Test
        @Latency(target = "echo", delay = "11ms")
        void test() throws IOException {
            use();
        }

        @Test
        @Latency(target = "echo", delay = "12ms")
        private void hidden() throws IOException {
            use();
        }
    }

    static class Others extends Lookalikes {

        @Test
        void test(TestInfo other) {}

        @Test
        void hidden() {}

        @Nested
        class Inner {
            @Test
            void test() {}
        }
    }

    @Test
    void overloads_private_methods_and_enclosing_classes_are_not_overridden() {
        assertThat(seen(Others.class)).containsExactlyInAnyOrder("slow 11", "none", "none", "none");
    }

    @Test
    void locks_know_inherited_faults() throws NoSuchMethodException {
        assertThat(locks(Overrides.class)).containsExactly(ResourceAccessMode.READ_WRITE);
        assertThat(locks(EvenCloser.class)).containsExactly(ResourceAccessMode.READ_WRITE);
        assertThat(locks(None.class)).containsExactly(ResourceAccessMode.READ);
    }

    private static List<ResourceAccessMode> locks(Class<?> type) throws NoSuchMethodException {
        Set<Lock> locks = new ServiceLocks().provideForMethod(List.of(), type, type.getDeclaredMethod("test"));
        return locks.stream().map(Lock::getAccessMode).toList();
    }
}
