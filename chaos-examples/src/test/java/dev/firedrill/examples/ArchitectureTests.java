package dev.firedrill.examples;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ArchitectureTests {
    @Test
    void examples_use_what_users_have() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.firedrill.internal..")
                .because("an example that needs an internal type shows a hole in the API")
                .check(new ClassFileImporter().importPackages("dev.firedrill.examples"));
    }
}
