package dev.firedrill.junit5;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * What a test class declares, by itself and by its enclosing classes, superclasses and interfaces. Reading it touches
 * nothing; only {@link #extension} and {@link #services} may initialize the classes.
 */
final class TestClass {

    private final Class<?> type;
    private final List<Class<?>> chain;

    private TestClass(Class<?> type) {
        this.type = type;
        Set<Class<?>> found = new LinkedHashSet<>();
        collect(type, found);
        this.chain = List.copyOf(found);
    }

    static TestClass of(Class<?> type) {
        return new TestClass(type);
    }

    /** Enclosing classes before what they enclose, superclasses and interfaces before what extends them. */
    private static void collect(Class<?> type, Set<Class<?>> found) {
        Class<?> outer = type.getEnclosingClass();
        if (outer != null && !Modifier.isStatic(type.getModifiers()) && !type.isInterface()) {
            collect(outer, found);
        }
        Class<?> parent = type.getSuperclass();
        if (parent != null && parent != Object.class) {
            collect(parent, found);
        }
        for (Class<?> each : type.getInterfaces()) {
            collect(each, found);
        }
        found.add(type);
    }

    Class<?> type() {
        return type;
    }

    /** All classes that have a say, the most general first. */
    List<Class<?>> chain() {
        return chain;
    }

    boolean isFiredrill() {
        return chain.stream().anyMatch(each -> AnnotationSupport.isAnnotated(each, Firedrill.class));
    }

    // ---- the extension that was built by hand, if any

    List<Field> extensionFields() {
        return chain.stream()
                .flatMap(each -> Arrays.stream(each.getDeclaredFields()))
                .filter(field -> field.getType() == FiredrillExtension.class)
                .filter(field -> AnnotationSupport.isAnnotated(field, RegisterExtension.class))
                .toList();
    }

    private Optional<Field> extensionField() {
        List<Field> fields = extensionFields();
        if (fields.size() > 1) {
            throw new ExtensionConfigurationException(Names.of(type) + " has several FiredrillExtension fields, "
                    + fields.stream().map(Names::of).toList() + "; keep one and give it everything");
        }
        return fields.stream().findFirst();
    }

    Optional<FiredrillExtension> extension() {
        Optional<Field> field = extensionField();
        field.filter(each -> !Modifier.isStatic(each.getModifiers())).ifPresent(each -> {
            throw new ExtensionConfigurationException(
                    "@RegisterExtension on " + Names.of(each)
                            + ": the field is not static; services start before a test instance is there, so declare it static");
        });
        return field.flatMap(each ->
                ReflectionSupport.tryToReadFieldValue(each, null).toOptional().map(FiredrillExtension.class::cast));
    }

    // ---- services

    List<ServiceDeclaration> services() {
        List<ServiceDeclaration> services = new ArrayList<>();
        extension().ifPresent(extension -> services.addAll(extension.services()));
        serviceFields()
                .forEach(field -> services.add(ServiceDeclaration.of(
                        field,
                        AnnotationSupport.findAnnotation(field, ChaosService.class)
                                .orElseThrow())));
        for (int i = 0; i < services.size(); i++) {
            ServiceDeclaration one = services.get(i);
            services.subList(0, i).stream()
                    .filter(other -> other.name().equals(one.name()))
                    .forEach(other -> {
                        throw new ExtensionConfigurationException("two services are named \"" + one.name() + "\": "
                                + other.source() + " and " + one.source() + "; give one of them another name, such as"
                                + " @ChaosService(name = \"" + one.name() + "2\")");
                    });
        }
        return services;
    }

    List<Field> serviceFields() {
        return chain.stream()
                .flatMap(each -> ServiceDeclaration.fields(each).stream())
                .toList();
    }

    List<Field> addressFields() {
        return chain.stream()
                .flatMap(each -> Arrays.stream(each.getDeclaredFields()))
                .filter(field -> AnnotationSupport.isAnnotated(field, ServiceUri.class))
                .toList();
    }

    List<Parameter> addressParameters() {
        return chain.stream()
                .flatMap(each -> Stream.of(each.getDeclaredConstructors(), each.getDeclaredMethods()))
                .flatMap(Arrays::<Executable>stream)
                .flatMap(executable -> Arrays.stream(executable.getParameters()))
                .filter(parameter -> AnnotationSupport.isAnnotated(parameter, ServiceUri.class))
                .toList();
    }

    /** Its {@code @Nested} classes. */
    List<TestClass> nested() {
        return ReflectionSupport.findNestedClasses(type, each -> AnnotationSupport.isAnnotated(each, Nested.class))
                .stream()
                .map(TestClass::of)
                .toList();
    }

    // ---- methods

    /** Every test of the class itself, inherited ones among them. */
    List<Method> tests() {
        return ReflectionSupport.findMethods(type, TestClass::isTest, HierarchyTraversalMode.TOP_DOWN);
    }

    private static boolean isTest(Method method) {
        return AnnotationSupport.isAnnotated(method, Testable.class);
    }

    /** Methods with an annotation, of the enclosing classes too. */
    List<Method> methods(Class<? extends Annotation> annotation) {
        List<Method> methods = new ArrayList<>();
        for (Class<?> each : outermostFirst()) {
            ReflectionSupport.findMethods(
                            each,
                            method -> AnnotationSupport.isAnnotated(method, annotation),
                            HierarchyTraversalMode.TOP_DOWN)
                    .stream()
                    .filter(method -> !methods.contains(method))
                    .forEach(methods::add);
        }
        return methods;
    }

    private List<Class<?>> outermostFirst() {
        List<Class<?>> classes = new ArrayList<>();
        for (Class<?> each = type; each != null; each = each.getEnclosingClass()) {
            classes.add(0, each);
            if (Modifier.isStatic(each.getModifiers())) {
                break;
            }
        }
        return classes;
    }

    /**
     * All that has a say on a test, what is closest to it last: the classes, the methods that it overrides, the test itself.
     */
    List<AnnotatedElement> levels(Method test) {
        List<AnnotatedElement> levels = new ArrayList<>(chain);
        levels.addAll(declarations(test));
        return levels;
    }

    /** The methods that a test overrides, and the test itself last. */
    List<Method> declarations(Method test) {
        return Stream.concat(methods().filter(method -> Overriding.isOverridden(method, test)), Stream.of(test))
                .toList();
    }

    private static @Nullable String misplaced(Method method) {
        if (Faults.areOn(method)) {
            return Faults.on(method, Names.of(method)).get(0).source();
        }
        return Stream.of(RecoversWithin.class, ExpectVerdict.class, NoFaults.class)
                .filter(each -> AnnotationSupport.isAnnotated(method, each))
                .findFirst()
                .map(each -> "@" + each.getSimpleName() + " on " + Names.of(method))
                .orElse(null);
    }

    private Stream<Method> methods() {
        return chain.stream().flatMap(each -> Arrays.stream(each.getDeclaredMethods()));
    }

    /** What is meant for a test would do nothing on another method, and nobody would see it. */
    void checkThatAllIsOnTests() {
        methods()
                .filter(method -> !method.isSynthetic() && !isTest(method) && misplaced(method) != null)
                .filter(method -> methods().noneMatch(near -> isTest(near) && Overriding.isOverridden(method, near)))
                .findFirst()
                .ifPresent(method -> {
                    String source = misplaced(method);
                    throw new ExtensionConfigurationException(
                            source + " does nothing: the method is no test; move it to a test method or to the class");
                });
    }
}
