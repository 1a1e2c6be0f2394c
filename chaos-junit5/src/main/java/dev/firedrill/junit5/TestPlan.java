package dev.firedrill.junit5;

import dev.firedrill.Chaos;
import dev.firedrill.Experiment;
import dev.firedrill.schedule.Durations;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
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
        List<AnnotatedElement> levels = type.levels(method);
        this.faults = List.copyOf(faults(levels, settings));
        this.recoversWithin = closest(levels, RecoversWithin.class);
        this.expected = closest(levels, ExpectVerdict.class);
        checkThatFaultsAreThere(type.declarations(method));
        if (!faults.isEmpty() && health.steadyStates().isEmpty() && !settings.hasSteadyState()) {
            checkThatNothingIsWaitedFor();
        }
    }

    static TestPlan of(TestClass type, Method method, Health health, ExtensionBuilder settings) {
        return new TestPlan(type, method, health, settings);
    }

    private static List<FaultDeclaration> faults(List<AnnotatedElement> levels, ExtensionBuilder settings) {
        List<FaultDeclaration> all = new ArrayList<>(settings.faults());
        for (AnnotatedElement each : levels) {
            if (AnnotationSupport.isAnnotated(each, NoFaults.class)) {
                all.clear();
            }
            closer(all, Faults.on(each, Names.of(each)));
        }
        return all;
    }

    private static void closer(List<FaultDeclaration> all, List<FaultDeclaration> own) {
        all.removeIf(far -> own.stream().anyMatch(near -> near.isAboutTheSameAs(far)));
        all.addAll(own);
    }

    private static <A extends Annotation> @Nullable A closest(List<AnnotatedElement> levels, Class<A> annotation) {
        A closest = null;
        for (AnnotatedElement each : levels) {
            closest = AnnotationSupport.findAnnotation(each, annotation).orElse(closest);
        }
        return closest;
    }

    /** What a class says is for its other tests as well, and what the test takes away is not missed. */
    private void checkThatFaultsAreThere(List<Method> declarations) {
        if (!faults.isEmpty()) {
            return;
        }
        for (int i = declarations.size() - 1; i >= 0; i--) {
            checkThatItExpectsNothing(declarations.get(i));
            if (AnnotationSupport.isAnnotated(declarations.get(i), NoFaults.class)) {
                return;
            }
        }
    }

    private static void checkThatItExpectsNothing(Method method) {
        for (Class<? extends Annotation> each : List.of(RecoversWithin.class, ExpectVerdict.class)) {
            if (AnnotationSupport.isAnnotated(method, each)) {
                throw new ExtensionConfigurationException("@" + each.getSimpleName() + " on " + Names.of(method)
                        + " says nothing: the test declares no fault; add one, or remove it");
            }
        }
    }

    private void checkThatNothingIsWaitedFor() {
        if (recoversWithin != null) {
            throw new ExtensionConfigurationException("@RecoversWithin(\"" + recoversWithin.value() + "\") for "
                    + Names.of(method) + " has nothing to measure: no method is marked with @SteadyState; mark one that"
                    + " says whether the system is well, or remove it");
        }
        settings.steadyWithin().ifPresent(limit -> {
            throw new ExtensionConfigurationException("steadyWithin " + Durations.format(limit)
                    + " of the FiredrillExtension has nothing to wait for in " + Names.of(method)
                    + ": no steady state is declared; add what must hold, or remove it");
        });
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
            // by itself first, so that it is checked even if a longer time replaces it
            settings.steadyWithin().ifPresent(builder::steadyWithin);
            health.addTo(builder, settings.steadyWithin().orElse(Duration.ZERO), instances);
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
