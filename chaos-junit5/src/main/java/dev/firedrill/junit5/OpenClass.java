package dev.firedrill.junit5;

import dev.firedrill.Chaos;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** A test class whose plans are valid and whose services run. Safe for concurrent use. */
final class OpenClass {

    private final @Nullable FiredrillExtension extension;
    private final Map<Method, TestPlan> plans;
    private final List<Field> addressFields;
    private final @Nullable Chaos scope;

    private OpenClass(
            @Nullable FiredrillExtension extension,
            Map<Method, TestPlan> plans,
            List<Field> addressFields,
            @Nullable Chaos scope) {
        this.extension = extension;
        this.plans = plans;
        this.addressFields = addressFields;
        this.scope = scope;
    }

    /**
     * Reads and checks everything, and only then starts the services and sets the static fields.
     *
     * @param extension the one that was built by hand; null if there is none
     */
    static OpenClass open(TestClass type, @Nullable FiredrillExtension extension, Supplier<Shared> shared) {
        ExtensionBuilder settings = extension == null ? new ExtensionBuilder() : extension.settings();
        type.checkThatAllIsOnTests();
        Health health = Health.of(type);
        Map<Method, TestPlan> plans = new LinkedHashMap<>();
        for (Method test : type.tests()) {
            plans.put(test, TestPlan.of(type, test, health, settings));
        }
        List<Field> fields = type.addressFields();
        List<Parameter> parameters = type.addressParameters();
        boolean empty = type.services().isEmpty()
                && fields.isEmpty()
                && parameters.isEmpty()
                && plans.values().stream().noneMatch(TestPlan::hasFaults);
        if (empty) {
            return new OpenClass(extension, plans, fields, null);
        }
        EngineSearch.beginIfNeeded(type.serviceFields());
        Chaos scope = shared.get().scope(type);
        plans.values().stream().filter(TestPlan::hasFaults).forEach(plan -> plan.check(scope));
        fields.forEach(field -> Address.of(field).check(scope));
        parameters.forEach(parameter -> Address.of(parameter).check(scope));
        type.nested().forEach(nested -> announce(nested, settings, scope));
        scope.startAll();
        OpenClass open = new OpenClass(extension, plans, fields, scope);
        open.fill(null);
        return open;
    }

    /** Which caller a target names has to be known before the services start; what is wrong, the class says when it opens. */
    private static void announce(TestClass nested, ExtensionBuilder settings, Chaos scope) {
        try {
            Health health = Health.of(nested);
            nested.tests().stream()
                    .map(test -> TestPlan.of(nested, test, health, settings))
                    .filter(TestPlan::hasFaults)
                    .forEach(plan -> plan.check(scope));
        } catch (ExtensionConfigurationException e) {
            return;
        }
        nested.nested().forEach(each -> announce(each, settings, scope));
    }

    /** Says whether an extension is the one that looks after the class. */
    boolean belongsTo(FiredrillExtension other) {
        return extension == null ? !other.isBuiltByHand() : extension == other;
    }

    boolean hasServices() {
        return scope != null;
    }

    Chaos scope() {
        if (scope == null) {
            throw new ExtensionConfigurationException(
                    "the test class declares no service: declare a static field with @ChaosService");
        }
        return scope;
    }

    /** The plan of a test that has a fault. */
    Optional<TestPlan> plan(Method test) {
        return Optional.ofNullable(plans.get(test)).filter(TestPlan::hasFaults);
    }

    /** Sets the fields of an instance, or the static ones if there is none. */
    void fill(@Nullable Object instance) {
        for (Field field : addressFields) {
            boolean wanted = instance == null
                    ? Modifier.isStatic(field.getModifiers())
                    : !Modifier.isStatic(field.getModifiers())
                            && field.getDeclaringClass().isInstance(instance);
            if (wanted) {
                Address.of(field).set(field, instance, scope());
            }
        }
    }
}
