package dev.firedrill.junit5;

import dev.firedrill.Target;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Keeps tests apart that share a service, as far as one of them has a fault on it: read-write for that one, read for its
 * neighbours. Asked when tests are discovered, so it initializes no class and never fails.
 */
final class ServiceLocks implements ResourceLocksProvider {

    @Override
    public Set<Lock> provideForMethod(List<Class<?>> enclosing, Class<?> testClass, Method method) {
        TestClass type = TestClass.of(testClass);
        Set<Lock> locks = new HashSet<>();
        Set<String> targets = targets(type, method);
        for (Field field : type.serviceFields()) {
            locks.add(lock(field, targets.contains(name(field))));
        }
        // what it injects is known only when it is there
        type.extensionFields().forEach(field -> locks.add(lock(field, true)));
        return locks;
    }

    private static String name(Field field) {
        return AnnotationSupport.findAnnotation(field, ChaosService.class)
                .map(ChaosService::name)
                .filter(name -> !name.isBlank())
                .map(String::strip)
                .orElse(field.getName());
    }

    private static Lock lock(Field field, boolean broken) {
        return new Lock(
                "dev.firedrill:" + field.getDeclaringClass().getName() + "." + field.getName(),
                broken ? ResourceAccessMode.READ_WRITE : ResourceAccessMode.READ);
    }

    /** The services that the test has a fault on; it may be one too many, where a closer declaration wins. */
    private static Set<String> targets(TestClass type, Method method) {
        List<Target> targets = new ArrayList<>();
        for (AnnotatedElement each : type.levels(method)) {
            if (AnnotationSupport.isAnnotated(each, NoFaults.class)) {
                targets.clear();
            }
            targets.addAll(Faults.targets(each));
        }
        Set<String> names = new HashSet<>();
        targets.forEach(target -> target.parts().forEach(part -> names.add(part.service())));
        return names;
    }
}
