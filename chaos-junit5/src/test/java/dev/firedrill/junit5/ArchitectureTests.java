package dev.firedrill.junit5;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.time.Clock;
import java.time.InstantSource;
import java.time.temporal.Temporal;
import java.util.Calendar;
import java.util.Collections;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The conventions that no compiler checks. An exemption is named here with its reason, or there is none. */
class ArchitectureTests {
    private static final JavaClasses MODULE =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.firedrill.junit5");

    @Test
    void annotations_are_the_api() {
        classes()
                .that()
                .areNotAnnotations()
                .and()
                // For @RegisterExtension, where annotations are not enough.
                .doNotHaveFullyQualifiedName("dev.firedrill.junit5.FiredrillExtension")
                .and()
                .doNotHaveFullyQualifiedName("dev.firedrill.junit5.ExtensionBuilder")
                .should()
                .notBePublic()
                .because("annotations say everything else; the rest must stay free to change")
                .allowEmptyShould(true)
                .check(MODULE);
    }

    @Test
    void engines_stay_behind_core() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty..", "eu.rekawek.toxiproxy..", "net.bytebuddy..")
                .because("a JUnit extension reads annotations; how a fault is made is an engine's business")
                .check(MODULE);
    }

    // Chance and time, as in chaos-core

    @Test
    void chance_comes_only_from_the_seed() {
        noClasses()
                .should()
                .accessTargetWhere(is("a source of randomness", ArchitectureTests::isRandom))
                .because("one printed seed has to repeat every choice; take a dev.firedrill.schedule.Chance")
                .check(MODULE);
    }

    @Test
    void time_comes_only_from_the_injected_clock() {
        noClasses()
                .should()
                .accessTargetWhere(is("the system's clock", ArchitectureTests::isClock))
                .because("when things happen is core's business; its dev.firedrill.spi.TimeSource says so")
                .check(MODULE);
    }

    @Test
    void nobody_sleeps() {
        noClasses()
                .should()
                .accessTargetWhere(is(
                        "a sleep", target -> isOneOf(target, Set.of(Thread.class, TimeUnit.class), "sleep")))
                .because("a sleeper can't be woken by a heal, nor tested with a fake clock")
                .check(MODULE);
    }

    // Shape

    @Test
    void static_fields_never_change() {
        fields().that()
                .areStatic()
                .should()
                .beFinal()
                .because("state between tests belongs in JUnit's store, which closes it")
                .allowEmptyShould(true)
                .check(MODULE);
        noFields()
                .that()
                .areStatic()
                .should()
                .haveRawType(resideInAPackage("java.util.concurrent.atomic"))
                .orShould()
                .haveRawType(assignableTo(ConcurrentMap.class))
                .because("what is final but filled later is shared state all the same")
                .allowEmptyShould(true)
                .check(MODULE);
    }

    @Test
    void names_say_what_a_type_is() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Context|Processor)(\\$.*)?")
                .because("such a name fits everything, so everything ends up there")
                .check(MODULE);
    }

    private static DescribedPredicate<JavaAccess<?>> is(String description, Predicate<AccessTarget> predicate) {
        return describe(description, access -> predicate.test(access.getTarget()));
    }

    private static boolean isRandom(AccessTarget target) {
        return target.getOwner().isAssignableTo(RandomGenerator.class)
                || isOneOf(target, Set.of(Math.class, StrictMath.class), "random")
                || isOneOf(target, Set.of(UUID.class), "randomUUID")
                || isOneOf(target, Set.of(Collections.class), "shuffle");
    }

    private static boolean isClock(AccessTarget target) {
        return isOneOf(target, Set.of(System.class), "nanoTime", "currentTimeMillis")
                || isOneOf(target, Set.of(Clock.class), "system", "systemUTC", "systemDefaultZone")
                || isOneOf(target, Set.of(Clock.class), "tickMillis", "tickSeconds", "tickMinutes")
                || isOneOf(target, Set.of(InstantSource.class), "system")
                || (target.getOwner().isAssignableTo(Temporal.class)
                        && target.getName().equals("now"))
                || (target.getOwner().isAssignableTo(Calendar.class)
                        && target.getName().equals("getInstance"))
                || isNewDateOfNow(target);
    }

    /** A date of a given time reads no clock. */
    private static boolean isNewDateOfNow(AccessTarget target) {
        return isOneOf(target, Set.of(Date.class), JavaConstructor.CONSTRUCTOR_NAME)
                && target instanceof CodeUnitAccessTarget constructor
                && constructor.getRawParameterTypes().isEmpty();
    }

    private static boolean isOneOf(AccessTarget target, Set<Class<?>> owners, String... names) {
        return Set.of(names).contains(target.getName())
                && owners.stream().anyMatch(owner -> target.getOwner().isEquivalentTo(owner));
    }
}
