package dev.firedrill.junit5;

import dev.firedrill.Chaos;
import dev.firedrill.LocalProcess;
import dev.firedrill.Service;
import dev.firedrill.ServiceContainer;
import dev.firedrill.Upstream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * A service that a test class declares.
 *
 * @param owner the class whose field it is, or the extension that was built with it; it is started once for each owner
 * @param name its name
 * @param source where it is declared, for messages
 * @param declare makes it known to a Chaos without starting it
 */
record ServiceDeclaration(Object owner, String name, String source, BiFunction<Chaos, String, Service> declare) {

    static ServiceDeclaration of(Field field, ChaosService annotation) {
        String source = "@ChaosService on " + Names.of(field);
        if (!Modifier.isStatic(field.getModifiers())) {
            throw new ExtensionConfigurationException(source + ": the field is not static; a service lives longer than"
                    + " a test instance, so declare it static");
        }
        String name = annotation.name().isBlank()
                ? field.getName()
                : annotation.name().strip();
        return new ServiceDeclaration(
                field.getDeclaringClass(),
                name,
                source,
                (chaos, as) -> declare(chaos, as, value(field), ContainerField.of(field, annotation, source)));
    }

    Service declareIn(Chaos chaos) {
        try {
            return declare.apply(chaos, name);
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException(source + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable Object value(Field field) {
        try {
            return ReflectionSupport.tryToReadFieldValue(field, null).get();
        } catch (Exception e) {
            throw new ExtensionConfigurationException(
                    "@ChaosService on " + Names.of(field) + ": the field can't be read: " + e, e);
        }
    }

    private static Service declare(Chaos chaos, String name, @Nullable Object value, ContainerField field) {
        String source = field.source();
        ServiceContainer[] containers = field.containers(value);
        if (containers.length > 0) {
            return chaos.declare(name, containers);
        }
        field.checkNoContainer(value);
        if (value instanceof Upstream upstream) {
            return chaos.declare(name, upstream);
        }
        if (value instanceof LocalProcess process) {
            return chaos.declare(name, process);
        }
        if (value instanceof LocalProcess[] processes
                && !Arrays.asList(processes).contains(null)) {
            return chaos.declare(name, processes);
        }
        if (value instanceof Object[] several && several.length == 0) {
            throw new ExtensionConfigurationException(source + ": the array is empty; give one server for each node");
        }
        if (value instanceof Object[] several && !Arrays.asList(several).contains(null)) {
            throw new ExtensionConfigurationException(source + ": an array of "
                    + Arrays.stream(several)
                            .map(each -> each.getClass().getSimpleName())
                            .distinct()
                            .toList()
                    + " is no service; allowed are arrays of dev.firedrill.LocalProcess, of"
                    + " org.testcontainers.containers.GenericContainer and of dev.firedrill.ServiceContainer");
        }
        if (value == null || value instanceof Object[]) {
            throw new ExtensionConfigurationException(source + (value == null ? " is null" : " holds null")
                    + " when its class starts; assign it where it" + " is declared or in a static initializer");
        }
        throw new ExtensionConfigurationException(
                source + ": " + value.getClass().getName() + " is no server; allowed are dev.firedrill.LocalProcess,"
                        + " org.testcontainers.containers.GenericContainer, dev.firedrill.ServiceContainer, an array of"
                        + " one of these, and dev.firedrill.Upstream");
    }

    /** The fields of one class, in the order of the source. */
    static List<Field> fields(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(field -> AnnotationSupport.isAnnotated(field, ChaosService.class))
                .toList();
    }
}
