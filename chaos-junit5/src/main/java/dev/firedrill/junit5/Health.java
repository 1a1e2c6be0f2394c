package dev.firedrill.junit5;

import dev.firedrill.Experiment;
import dev.firedrill.history.History;
import dev.firedrill.schedule.Durations;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * The methods of a test class that say whether the system is well.
 *
 * @param steadyStates those that must hold before and after
 * @param invariants those that must be true in the end
 */
record Health(List<Method> steadyStates, List<Method> invariants) {

    static Health of(TestClass type) {
        Health health = new Health(type.methods(SteadyState.class), type.methods(Invariant.class));
        for (Method method : health.steadyStates) {
            if (method.getParameterCount() > 0 || !saysYesOrNo(method)) {
                throw shape(
                        "@SteadyState",
                        method,
                        "without parameters that returns void or boolean, such as boolean " + method.getName() + "()");
            }
        }
        for (Method method : health.invariants) {
            List<Class<?>> parameters = List.of(method.getParameterTypes());
            boolean fits = parameters.isEmpty() || parameters.equals(List.of(History.class));
            if (!fits || !saysYesOrNo(method)) {
                throw shape(
                        "@Invariant",
                        method,
                        "without parameters or with one of type dev.firedrill.history.History that returns void or"
                                + " boolean, such as boolean " + method.getName() + "(History history)");
            }
        }
        return health;
    }

    private static boolean saysYesOrNo(Method method) {
        return List.of(void.class, boolean.class, Boolean.class).contains(method.getReturnType());
    }

    private static ExtensionConfigurationException shape(String annotation, Method method, String allowed) {
        return new ExtensionConfigurationException(annotation + " on " + Names.of(method) + ": a method of this shape, "
                + method.getReturnType().getSimpleName() + " with " + method.getParameterCount()
                + " parameters, can't be called; allowed is one " + allowed);
    }

    /**
     * Adds all of it; the instances are asked for when a method is called.
     *
     * @param atLeast how long a steady state is waited for, however short the methods say
     */
    void addTo(Experiment.Builder builder, Duration atLeast, Function<Class<?>, @Nullable Object> instances) {
        Duration within = atLeast;
        for (Method method : steadyStates) {
            SteadyState annotation = annotation(method, SteadyState.class);
            builder.steadyState(new dev.firedrill.probe.SteadyState(
                    annotation.value().isBlank() ? Names.sentence(method) : annotation.value(),
                    () -> call(method, instances),
                    duration(method, "every", annotation.every()),
                    duration(method, "timeout", annotation.timeout()),
                    annotation.hold(),
                    annotation.during()));
            Duration limit = duration(method, "within", annotation.within());
            within = limit.compareTo(within) > 0 ? limit : within;
        }
        if (!steadyStates.isEmpty()) {
            builder.steadyWithin(within);
        }
        for (Method method : invariants) {
            String sentence = annotation(method, Invariant.class).value();
            builder.invariant(
                    sentence.isBlank() ? Names.sentence(method) : sentence,
                    history -> method.getParameterCount() == 0
                            ? call(method, instances)
                            : call(method, instances, history));
        }
    }

    private static <A extends Annotation> A annotation(Method method, Class<A> type) {
        return AnnotationSupport.findAnnotation(method, type).orElseThrow();
    }

    private static Duration duration(Method method, String attribute, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(
                    "@SteadyState on " + Names.of(method) + ": " + attribute + " " + e.getMessage(), e);
        }
    }

    /** What returns nothing says yes unless it throws. */
    private static boolean call(Method method, Function<Class<?>, @Nullable Object> instances, Object... arguments) {
        @Nullable
        Object result = ReflectionSupport.invokeMethod(method, instances.apply(method.getDeclaringClass()), arguments);
        return !Boolean.FALSE.equals(result);
    }
}
