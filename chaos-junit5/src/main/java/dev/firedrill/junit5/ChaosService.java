package dev.firedrill.junit5;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Declares a service that faults can be put on: a static field of type {@code LocalProcess} or {@code GenericContainer}
 * (started here), an array of either (several nodes), {@code ServiceContainer} (a container with more to say) or {@code
 * Upstream} (somebody else's server).
 *
 * <p>It is started before the first test instance is made or the first {@code @BeforeAll} method runs, once a JVM however
 * many classes inherit the field, and ends with the test run. The test reaches it through a link, whose address {@link
 * ServiceUri} gives and which stays the same whatever happens to the service. Fields of superclasses and enclosing classes
 * come first, the others in the order of their declaration; a process may name those before it in placeholders. Containers
 * that stand next to each other start side by side, each after those that it {@code dependsOn}.
 *
 * <p>A container that JUnit's {@code @Container} looks after, that runs already or that is reusable is used as it is and left
 * running.
 *
 * @since 0.1
 */
@Target({ElementType.FIELD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(Guard.class)
public @interface ChaosService {

    /**
     * The name that targets and {@link ServiceUri} use.
     *
     * @return empty for the field's name
     */
    String name() default "";

    /**
     * The ports of a container that the service is known under.
     *
     * @return empty for all that the container exposes; one that exposes none is made to expose these
     */
    int[] port() default {};
}
