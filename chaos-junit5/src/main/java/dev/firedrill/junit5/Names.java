package dev.firedrill.junit5;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;

/** How tests and their parts are called in messages and reports. */
final class Names {

    private static final Pattern INVOCATION = Pattern.compile("-template-invocation:#(\\d+)");

    private Names() {}

    static String of(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type.getSimpleName() : of(outer) + "." + type.getSimpleName();
    }

    static String of(Executable executable) {
        return of(executable.getDeclaringClass())
                + (executable instanceof Method ? "." + executable.getName() : " (constructor)");
    }

    static String of(Field field) {
        return of(field.getDeclaringClass()) + "." + field.getName();
    }

    /** A parameter is called by its method, for its own name may not have been compiled. */
    static String of(AnnotatedElement element) {
        if (element instanceof Executable executable) {
            return of(executable);
        }
        if (element instanceof Parameter parameter) {
            return of(parameter.getDeclaringExecutable());
        }
        return element instanceof Field field ? of(field) : of((Class<?>) element);
    }

    /** A name of the source as a sentence. */
    static String sentence(Method method) {
        return method.getName().replace('_', ' ');
    }

    /** A test for people. */
    static String title(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        String shown = context.getDisplayName();
        if (shown.startsWith(method.getName() + "(")) {
            return sentence(method);
        }
        return invocation(context).isEmpty() ? shown : sentence(method) + " " + shown;
    }

    /** A test for its report and its choices: the same in every run, whatever ran before. */
    static String id(ExtensionContext context) {
        Method method = context.getRequiredTestMethod();
        String parameters = Arrays.stream(method.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(","));
        return context.getRequiredTestClass().getName() + "." + method.getName()
                + (parameters.isEmpty() ? "" : "(" + parameters + ")") + invocation(context);
    }

    /** Which repetition or parameter set it is; of the class too, if that is a template. */
    private static String invocation(ExtensionContext context) {
        Matcher matcher = INVOCATION.matcher(context.getUniqueId());
        StringBuilder numbers = new StringBuilder();
        while (matcher.find()) {
            numbers.append('[').append(matcher.group(1)).append(']');
        }
        return numbers.toString();
    }
}
