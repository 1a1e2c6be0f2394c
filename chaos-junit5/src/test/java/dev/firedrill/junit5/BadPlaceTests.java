package dev.firedrill.junit5;

import static dev.firedrill.junit5.BadInput.ECHO;
import static dev.firedrill.junit5.BadInput.refused;

import dev.firedrill.Upstream;
import dev.firedrill.Verdict;
import dev.firedrill.junit5.BadInput.Base;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The exact text for annotations that would do nothing where they stand, or can't be obeyed there. */
class BadPlaceTests {

    static class NothingToMeasure extends Base {
        @Test
        @Latency(target = "redis", delay = "1ms")
        @RecoversWithin("5s")
        void test() {}
    }

    static class NothingToRecoverFrom extends Base {
        @Test
        @RecoversWithin("5s")
        void test() {}
    }

    static class NothingToExpect extends Base {
        @Test
        @ExpectVerdict(Verdict.NOT_RECOVERED)
        void test() {}
    }

    static class BadDeadline extends Base {
        @SteadyState
        void well() {}

        @Test
        @Latency(target = "redis", delay = "1ms")
        @RecoversWithin("soon")
        void test() {}
    }

    @Test
    void a_deadline_without_meaning() {
        refused(
                NothingToMeasure.class,
                "@RecoversWithin(\"5s\") for BadPlaceTests.NothingToMeasure.test has nothing to measure: no method is"
                        + " marked with @SteadyState; mark one that says whether the system is well, or remove it");
        refused(
                NothingToRecoverFrom.class,
                "@RecoversWithin on BadPlaceTests.NothingToRecoverFrom.test says nothing: the test declares no fault; add"
                        + " one, or remove it");
        refused(
                NothingToExpect.class,
                "@ExpectVerdict on BadPlaceTests.NothingToExpect.test says nothing: the test declares no fault; add one,"
                        + " or remove it");
        refused(
                BadDeadline.class,
                "BadPlaceTests.BadDeadline.test: @RecoversWithin \"soon\" is not a duration; allowed are a number and one"
                        + " of ns, us, ms, s, m, h; write for example \"250ms\"");
    }

    static class NoFiredrill {
        @Test
        @Latency(target = "redis", delay = "1ms")
        void test() {}
    }

    @Refuse(target = "redis")
    static class NoFiredrillOnClass {
        @Test
        void test() {}
    }

    static class NoFiredrillForService {
        @ChaosService
        static final Upstream redis = ECHO;

        @Test
        void test() {}
    }

    static class NoFiredrillForParameter {
        @Test
        void test(@ServiceUri URI uri) {}
    }

    @Firedrill
    static class NoService {
        @Test
        @Latency(target = "redis", delay = "1ms")
        void test() {}
    }

    @Firedrill
    static class NoServiceForAddress {
        @Test
        void test(@ServiceUri URI uri) {}
    }

    static class NotATest extends Base {
        @BeforeEach
        @Latency(target = "redis", delay = "1ms")
        void before() {}

        @Test
        void test() {}
    }

    @Firedrill
    static class DeadlineOfNoTest extends Base {
        @BeforeEach
        @RecoversWithin("1s")
        void before() {}

        @Test
        @Latency(target = "redis", delay = "1ms")
        void test() {}
    }

    @Test
    void annotations_that_would_do_nothing() {
        refused(
                DeadlineOfNoTest.class,
                "@RecoversWithin on BadPlaceTests.DeadlineOfNoTest.before does nothing: the method is no test; move it to a"
                        + " test method or to the class");
        refused(
                NoFiredrill.class,
                "@Latency on BadPlaceTests.NoFiredrill.test does nothing without @Firedrill: add @Firedrill to"
                        + " BadPlaceTests.NoFiredrill");
        refused(
                NoFiredrillOnClass.class,
                "@Refuse on BadPlaceTests.NoFiredrillOnClass does nothing without @Firedrill: add @Firedrill to"
                        + " BadPlaceTests.NoFiredrillOnClass");
        refused(
                NoFiredrillForService.class,
                "@ChaosService on BadPlaceTests.NoFiredrillForService.redis does nothing without @Firedrill: add"
                        + " @Firedrill to BadPlaceTests.NoFiredrillForService");
        refused(
                NoFiredrillForParameter.class,
                "@ServiceUri on BadPlaceTests.NoFiredrillForParameter.test does nothing without @Firedrill: add"
                        + " @Firedrill to BadPlaceTests.NoFiredrillForParameter");
        refused(
                NoService.class,
                "@Latency on BadPlaceTests.NoService.test has no service to act on: declare a static field with"
                        + " @ChaosService in BadPlaceTests.NoService");
        refused(
                NoServiceForAddress.class,
                "@ServiceUri on parameter uri of BadPlaceTests.NoServiceForAddress.test: there is no service: declare a"
                        + " static field with @ChaosService");
        refused(
                NotATest.class,
                "@Latency on BadPlaceTests.NotATest.before does nothing: the method is no test; move it to a test method"
                        + " or to the class");
    }

    static class SteadyStateWithParameter extends Base {
        @SteadyState
        boolean well(String what) {
            return true;
        }

        @Test
        void test() {}
    }

    static class InvariantOfText extends Base {
        @Invariant
        String kept() {
            return "yes";
        }

        @Test
        void test() {}
    }

    @Test
    void a_method_of_a_wrong_shape() {
        refused(
                SteadyStateWithParameter.class,
                "@SteadyState on BadPlaceTests.SteadyStateWithParameter.well: a method of this shape, boolean with 1"
                        + " parameters, can't be called; allowed is one without parameters that returns void or boolean,"
                        + " such as boolean well()");
        refused(
                InvariantOfText.class,
                "@Invariant on BadPlaceTests.InvariantOfText.kept: a method of this shape, String with 0 parameters, can't"
                        + " be called; allowed is one without parameters or with one of type"
                        + " dev.firedrill.history.History that returns void or boolean, such as boolean kept(History"
                        + " history)");
    }

    static class NotStatic {
        @RegisterExtension
        final FiredrillExtension chaos =
                FiredrillExtension.builder().service("redis", ECHO).build();

        @Test
        void test() {}
    }

    @Test
    void an_extension_field_that_is_not_static() {
        refused(
                NotStatic.class,
                "@RegisterExtension on BadPlaceTests.NotStatic.chaos: the field is not static; services start before a test"
                        + " instance is there, so declare it static");
    }
}
