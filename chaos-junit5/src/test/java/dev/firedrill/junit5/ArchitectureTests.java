package dev.firedrill.junit5;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.concurrent.ConcurrentMap;
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
}
