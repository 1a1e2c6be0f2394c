package dev.firedrill.junit5;

import dev.firedrill.LocalProcess;
import dev.firedrill.ServiceContainer;
import dev.firedrill.Upstream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.testcontainers.containers.GenericContainer;

/**
 * What a field that declares a service says about containers.
 *
 * @param ports the ports that its annotation names
 * @param managed whether Testcontainers' own extension starts and ends it
 * @param source where it is declared, for messages
 */
record ContainerField(List<Integer> ports, boolean managed, String source) {

    private static final String MANAGED = "org.testcontainers.junit.jupiter.Container";
    private static final String GOES_ROUND =
            "org.springframework.boot.testcontainers.service.connection.ServiceConnection";

    static ContainerField of(Field field, ChaosService annotation, String source) {
        if (isOn(field, GOES_ROUND)) {
            throw new ExtensionConfigurationException(
                    source + ": @ServiceConnection on the same field leads Spring round the"
                            + " link, straight to the container, so that no fault would reach the application; remove it, and give"
                            + " Spring the link's address by @DynamicPropertySource and @ServiceUri");
        }
        return new ContainerField(Arrays.stream(annotation.port()).boxed().toList(), isOn(field, MANAGED), source);
    }

    private static boolean isOn(Field field, String annotation) {
        return Arrays.stream(field.getAnnotations())
                .map(Annotation::annotationType)
                .anyMatch(type -> type.getName().equals(annotation));
    }

    /** The containers among a field's values; none if it holds something else. */
    ServiceContainer[] containers(@Nullable Object value) {
        List<ServiceContainer> found = new ArrayList<>();
        for (Object each : value instanceof Object[] several ? several : new Object[] {value}) {
            if (each == null || each instanceof LocalProcess || each instanceof Upstream) {
                return new ServiceContainer[0]; // Testcontainers may not be on the class path
            }
            if (each instanceof ServiceContainer container) {
                found.add(with(container));
            } else if (each instanceof GenericContainer<?> container) {
                found.add(with(ServiceContainer.of(container)));
            } else {
                return new ServiceContainer[0];
            }
        }
        return found.toArray(ServiceContainer[]::new);
    }

    private ServiceContainer with(ServiceContainer container) {
        ServiceContainer borrowed = managed ? container.asBorrowed() : container;
        return ports.isEmpty()
                ? borrowed
                : borrowed.ports(ports.stream().mapToInt(Integer::intValue).toArray());
    }

    void checkNoContainer(@Nullable Object value) {
        if (!ports.isEmpty() && value != null) {
            throw new ExtensionConfigurationException(source + ": port " + ports
                    + " is for containers, and this is a " + value.getClass().getSimpleName()
                    + ", which says itself what its ports are; remove it");
        }
    }
}
