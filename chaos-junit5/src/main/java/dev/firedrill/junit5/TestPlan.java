package dev.firedrill.junit5;

import dev.firedrill.Chaos;
import dev.firedrill.Experiment;
import dev.firedrill.schedule.Durations;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;

/** The faults of one test method and what is expected of it. Immutable. */
final class TestPlan {

    private final Method method;
    private final Health health;
    private final List<FaultDeclaration> faults;
    private final @Nullable RecoversWithin recoversWithin;
    private final @Nullable ExpectVerdict expected;
    private final ExtensionBuilder settings;

    private TestPlan(TestClass type, Method method, Health health, ExtensionBuilder settings) {
        this.method = method;
        this.health = health;
        this.settings = settings;
        this.faults = List.copyOf(faults(type, method, settings));
        this.recoversWithin = AnnotationSupport.findAnnotation(method, RecoversWithin.class)
                .or(() -> type.closest(RecoversWithin.class))
                .orElse(null);
        this.expected = AnnotationSupport.findAnnotation(method, ExpectVerdict.class)
                .or(() -> type.closest(ExpectVerdict.class))
                .orElse(null);
        checkThatFaultsAreThere();
        checkThatRecoveryCanBeSeen();
    }

    static TestPlan of(TestClass type, Method method, Health health, ExtensionBuilder settings) {
        return new TestPlan(type, method, health, settings);
    }

    private static List<FaultDeclaration> faults(TestClass type, Method method, ExtensionBuilder settings) {
        List<FaultDeclaration> all = new ArrayList<>(settings.faults());
        for (Class<?> each : type.chain()) {
            if (AnnotationSupport.isAnnotated(each, NoFaults.class)) {
                all.clear();
            }
            closer(all, Faults.on(each, Names.of(each)));
        }
        if (AnnotationSupport.isAnnotated(method, NoFaults.class)) {
            all.clear();
        }
        closer(all, Faults.on(method, Names.of(method)));
        return all;
    }

    private static void closer(List<FaultDeclaration> all, List<FaultDeclaration> own) {
        all.removeIf(far -> own.stream().anyMatch(near -> near.isAboutTheSameAs(far)));
        all.addAll(own);
    }

    private void checkThatFaultsAreThere() {
        if (!faults.isEmpty()) {
            return;
        }
        for (Class<? extends Annotation> each : List.of(RecoversWithin.class, ExpectVerdict.class)) {
            if (AnnotationSupport.isAnnotated(method, each)) {
                throw new ExtensionConfigurationException("@" + each.getSimpleName() + " on " + Names.of(method)
                        + " says nothing: the test declares no fault; add one, or remove it");
            }
        }
    }

    private void checkThatRecoveryCanBeSeen() {
        if (!faults.isEmpty()
                && recoversWithin != null
                && health.steadyStates().isEmpty()
                && !settings.hasSteadyState()) {
            throw new ExtensionConfigurationException("@RecoversWithin(\"" + recoversWithin.value() + "\") for "
                    + Names.of(method) + " has nothing to measure: no method is marked with @SteadyState; mark one that"
                    + " says whether the system is well, or remove it");
        }
    }

    boolean hasFaults() {
        return !faults.isEmpty();
    }

    /** Checks everything that can be checked before anything is started. */
    void check(Chaos scope) {
        if (scope.services().isEmpty()) {
            throw new ExtensionConfigurationException(faults.get(0).source()
                    + " has no service to act on: declare a static field with @ChaosService in "
                    + Names.of(method.getDeclaringClass()));
        }
        for (FaultDeclaration fault : faults) {
            try {
                add(scope.experiment("check"), fault).build();
            } catch (IllegalArgumentException e) {
                throw new ExtensionConfigurationException(fault.source() + ": " + e.getMessage(), e);
            }
        }
        experiment(scope, "check", "check", type -> {
            throw new IllegalStateException("a plan is checked before there is an instance");
        });
    }

    private static Experiment.Builder add(Experiment.Builder builder, FaultDeclaration fault) {
        return builder.inject(fault.fault(), fault.target(), fault.schedule());
    }

    /**
     * Builds the experiment.
     *
     * @param instances finds the test instance of a class
     */
    Experiment experiment(Chaos scope, String name, String id, Function<Class<?>, @Nullable Object> instances) {
        try {
            Experiment.Builder builder = scope.experiment(name).id(id);
            health.addTo(builder, instances);
            faults.forEach(fault -> add(builder, fault));
            settings.addTo(builder);
            if (recoversWithin != null) {
                builder.recoversWithin(deadline(recoversWithin), recoversWithin.from());
            }
            if (expected != null) {
                builder.expect(expected.value());
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(Names.of(method) + ": " + e.getMessage(), e);
        }
    }

    private static Duration deadline(RecoversWithin annotation) {
        try {
            return Durations.parse(annotation.value());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("@RecoversWithin " + e.getMessage(), e);
        }
    }
}
