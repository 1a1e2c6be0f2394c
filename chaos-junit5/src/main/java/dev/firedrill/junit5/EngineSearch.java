package dev.firedrill.junit5;

import dev.firedrill.ServiceContainer;
import java.lang.reflect.Field;
import java.util.List;
import org.testcontainers.DockerClientFactory;

/**
 * Looks for the container engine while the rest of Firedrill is being loaded: Testcontainers takes half a second for it, and
 * remembers what it found, or that it found nothing.
 */
final class EngineSearch {

    private static final String CONTAINER = "org.testcontainers.containers.GenericContainer";

    private EngineSearch() {}

    /** Nobody waits for the thread: whoever needs the engine waits for Testcontainers. */
    static void beginIfNeeded(List<Field> services) {
        if (services.stream().map(Field::getType).noneMatch(EngineSearch::isOfContainers)) {
            return; // Testcontainers may not be on the class path
        }
        Thread thread = new Thread(
                () -> {
                    try {
                        DockerClientFactory.instance().client();
                    } catch (RuntimeException | LinkageError e) {
                        // the service that needs it will say so
                    }
                },
                "firedrill-engine-search");
        thread.setDaemon(true);
        thread.start();
    }

    private static boolean isOfContainers(Class<?> type) {
        Class<?> each = type.isArray() ? type.getComponentType() : type;
        while (each != null && each != ServiceContainer.class && !each.getName().equals(CONTAINER)) {
            each = each.getSuperclass();
        }
        return each != null;
    }
}
