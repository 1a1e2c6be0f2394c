package dev.firedrill.junit5;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Injects where the test reaches a service: into a parameter of a constructor, a test or a lifecycle method, or into a field.
 *
 * <p>The type is {@code URI}, {@code InetSocketAddress} or {@code String}. Static fields are set before the first test
 * instance is made, so that Spring's {@code @DynamicPropertySource} methods can read them. The address stays the same through
 * every fault.
 *
 * @since 0.1
 */
@Target({ElementType.PARAMETER, ElementType.FIELD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(Guard.class)
public @interface ServiceUri {

    /**
     * The service.
     *
     * @return its name, such as {@code redis}; {@code rabbit:15672} for one of several ports, {@code pg[1]} for one of several
     *     nodes (the first unless said); empty if the class has only one service
     */
    String value() default "";

    /**
     * The text that the address is filled into.
     *
     * @return such as <code>jdbc:postgresql://{host}:{port}/shop</code>; with several ports <code>{port:5672}</code>; empty for
     *     <code>tcp://{host}:{port}</code> as a {@code URI} and <code>{host}:{port}</code> as a {@code String}
     */
    String template() default "";

    /**
     * Whether a probe uses the address: what goes over it feels the faults and never counts as load, so that it is no proof
     * that the test met the fault.
     *
     * @return false for the test's own address
     */
    boolean probe() default false;
}
