package dev.firedrill;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.PROTECTED;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.InstantSource;
import java.time.temporal.Temporal;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The conventions that no compiler checks. An exemption is named here with its reason, or there is none. */
class ArchitectureTests {
    private static final JavaClasses CORE =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages("dev.firedrill");

    private static final DescribedPredicate<JavaClass> INTERNAL = resideInAPackage("dev.firedrill.internal..");

    // Who may know which library

    @Test
    void netty_stays_in_the_embedded_proxy_and_its_server() {
        confine(
                "io.netty..",
                "dev.firedrill.internal.[proxy|server]..",
                "two major versions differ, and few places may know how");
        confine(
                "io.netty.handler.codec.http..",
                "dev.firedrill.internal.server..",
                "it is an optional dependency, and links have no use for it");
    }

    @Test
    void picocli_stays_in_the_command_line() {
        confine("picocli..", "dev.firedrill.server..", "it is an optional dependency");
    }

    @Test
    void toxiproxy_java_stays_in_its_engine() {
        confine("eu.rekawek.toxiproxy..", "dev.firedrill.internal.toxiproxy..", "it is an optional dependency");
    }

    @Test
    void testcontainers_stays_in_the_container_package() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.firedrill.internal.container..")
                .and()
                .doNotBelongToAnyOf(ServiceContainer.class, Containers.class, Startup.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.testcontainers..")
                .because("two major versions differ, and one place may know how; ServiceContainer is where users hand a"
                        + " container over, and the others only ask it what was declared")
                .check(CORE);
        confine(
                "com.github.dockerjava..",
                "dev.firedrill.internal.container..",
                "it comes with an optional dependency");
    }

    @Test
    void byte_buddy_stays_in_the_jvm_engine() {
        confine("net.bytebuddy..", "dev.firedrill.internal.jvm..", "it is an optional dependency");
    }

    @Test
    void embedded_servers_stay_in_their_integration() {
        confine("io.zonky..", "dev.firedrill.embedded..", "it is an optional dependency");
        confine("redis.embedded..", "dev.firedrill.embedded..", "it is an optional dependency");
        confine("org.apache.commons..", "dev.firedrill.embedded..", "it comes with an optional dependency");
        confine("org.tukaani..", "dev.firedrill.embedded..", "it comes with an optional dependency");
    }

    @Test
    void assertj_stays_in_its_assertions() {
        confine("org.assertj..", "dev.firedrill.assertj..", "users of another assertion library must not need it");
    }

    @Test
    void core_knows_no_junit() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.junit..")
                .because("core serves harnesses of one's own too; JUnit is chaos-junit5's business")
                .check(CORE);
    }

    // Chance and time

    @Test
    void chance_comes_only_from_the_seed() {
        noClasses()
                .should()
                .accessTargetWhere(is("a source of randomness", ArchitectureTests::isRandom))
                .because("one printed seed has to repeat every choice; take a dev.firedrill.schedule.Chance")
                .check(CORE);
    }

    @Test
    void time_comes_only_from_the_injected_clock() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("dev.firedrill.internal.SystemTime")
                .should()
                .accessTargetWhere(is("the system's clock", ArchitectureTests::isClock))
                .because("tests of time must not wait; take the dev.firedrill.spi.TimeSource")
                .check(CORE);
    }

    @Test
    void nobody_sleeps() {
        noClasses()
                .should()
                .accessTargetWhere(is(
                        "a sleep", target -> isOneOf(target, Set.of(Thread.class, TimeUnit.class), "sleep")))
                .because("a sleeper can't be woken by a heal, nor tested with a fake clock")
                .check(CORE);
    }

    // Shape

    @Test
    void static_fields_never_change() {
        fields().that()
                .areStatic()
                .should()
                .beFinal()
                .because("two experiments in one JVM must not share state")
                .check(CORE);
        noFields()
                .that()
                .areStatic()
                .should()
                .haveRawType(resideInAPackage("java.util.concurrent.atomic"))
                .orShould()
                .haveRawType(assignableTo(ConcurrentMap.class))
                .because("what is final but filled later is shared state all the same")
                .check(CORE);
    }

    @Test
    void names_say_what_a_type_is() {
        noClasses()
                .should()
                .haveNameMatching(".*(Manager|Helper|Utils?|Context|Processor)(\\$.*)?")
                .because("such a name fits everything, so everything ends up there")
                .check(CORE);
    }

    @Test
    void classes_are_final_or_meant_to_be_extended() {
        classes()
                .that()
                .areNotInterfaces()
                .and()
                .areNotEnums()
                .and()
                .areNotAnonymousClasses()
                .and()
                .doNotHaveModifier(ABSTRACT)
                .should()
                .haveModifier(FINAL)
                .because("a class that was not made for subclasses can't change once it has one")
                .check(CORE);
    }

    // Layers

    @Test
    void faults_and_schedules_are_plain_data() {
        classes()
                .that()
                .resideInAnyPackage("dev.firedrill.fault", "dev.firedrill.schedule")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "org.jspecify..", "dev.firedrill.fault", "dev.firedrill.schedule")
                .because("what and when are data; where and how are others' business")
                .check(CORE);
    }

    @Test
    void the_api_shows_no_internal_type() {
        members()
                .that()
                .areDeclaredInClassesThat(describe("users see", ArchitectureTests::isExported))
                .and(describe("users see", ArchitectureTests::isVisible))
                .should(mentionNoInternalType())
                .because("users must not have to name what may change without notice")
                .check(CORE);
        noClasses()
                .that(describe("users see", ArchitectureTests::isExported))
                .should()
                .beAssignableTo(INTERNAL)
                .because("what is inherited is seen as well")
                .check(CORE);
    }

    @Test
    void internal_packages_form_no_cycle() {
        slices().matching("dev.firedrill.internal.(*)..")
                .should()
                .beFreeOfCycles()
                .because("each engine must be removable without the others")
                .allowEmptyShould(true)
                .check(CORE);
    }

    private static void confine(String library, String home, String because) {
        noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .because(because)
                .check(CORE);
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

    private static boolean isExported(JavaClass type) {
        return !INTERNAL.test(type)
                && type.getModifiers().contains(PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTests::isExported).orElse(true);
    }

    private static boolean isVisible(JavaMember member) {
        return member.getModifiers().contains(PUBLIC) || member.getModifiers().contains(PROTECTED);
    }

    private static ArchCondition<JavaMember> mentionNoInternalType() {
        return new ArchCondition<>("mention no internal type") {
            @Override
            public void check(JavaMember member, ConditionEvents events) {
                mentioned(member)
                        .filter(INTERNAL)
                        .forEach(type -> events.add(SimpleConditionEvent.violated(
                                member, member.getDescription() + " mentions " + type.getName())));
            }
        };
    }

    private static Stream<JavaClass> mentioned(JavaMember member) {
        if (member instanceof JavaField field) {
            return field.getType().getAllInvolvedRawTypes().stream();
        }
        JavaCodeUnit code = (JavaCodeUnit) member;
        return Stream.of(
                        code.getReturnType().getAllInvolvedRawTypes(),
                        code.getParameterTypes().stream()
                                .flatMap(type -> type.getAllInvolvedRawTypes().stream())
                                .toList(),
                        code.getExceptionTypes())
                .flatMap(Collection::stream);
    }
}
