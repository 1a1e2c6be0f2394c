package dev.firedrill.junit5;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Registered by our annotations on classes, tests, fields and parameters: without {@link Firedrill} they would do nothing,
 * unseen. JUnit takes extensions from no other place, so nobody can watch over {@link SteadyState} and {@link Invariant}, nor
 * over a method that is no test or that a test overrides; they are seen where another annotation of ours is.
 */
final class Guard implements BeforeAllCallback, BeforeEachCallback {

    private static final List<Class<? extends Annotation>> OTHERS =
            List.of(ChaosService.class, ServiceUri.class, RecoversWithin.class, ExpectVerdict.class, NoFaults.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        check(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        check(context);
    }

    private static void check(ExtensionContext context) {
        TestClass type = TestClass.of(context.getRequiredTestClass());
        if (type.isFiredrill() || !type.extensionFields().isEmpty()) {
            return;
        }
        throw new ExtensionConfigurationException(culprit(type, context) + " does nothing without @Firedrill: add"
                + " @Firedrill to " + Names.of(type.type()));
    }

    private static String culprit(TestClass type, ExtensionContext context) {
        List<AnnotatedElement> elements = new ArrayList<>();
        context.getTestMethod().ifPresent(elements::add);
        elements.addAll(type.chain());
        for (Class<?> each : type.chain()) {
            elements.addAll(List.of(each.getDeclaredFields()));
            Stream.of(each.getDeclaredConstructors(), each.getDeclaredMethods())
                    .flatMap(Stream::of)
                    .forEach(executable -> elements.addAll(List.of(executable.getParameters())));
        }
        for (AnnotatedElement element : elements) {
            String place = Names.of(element);
            if (Faults.areOn(element)) {
                return Faults.on(element, place).get(0).source();
            }
            for (Class<? extends Annotation> each : OTHERS) {
                if (AnnotationSupport.isAnnotated(element, each)) {
                    return "@" + each.getSimpleName() + " on " + place;
                }
            }
        }
        return "an annotation of Firedrill's on " + Names.of(type.type());
    }
}
