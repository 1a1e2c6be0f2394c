package dev.firedrill.junit5;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that says whether the system is well: it must hold before the faults, and hold again after healing.
 *
 * <p>The method has no parameter and returns {@code void} (well unless it throws) or {@code boolean}. It is sampled on a
 * thread of Firedrill's, never beside itself and, unless {@link #during} is set, never beside the test's body. It applies to
 * all tests of the class that have a fault, of its subclasses and of its {@code @Nested} classes.
 *
 * @since 0.1
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface SteadyState {

    /**
     * The sentence for the report.
     *
     * @return empty for the method's name with blanks for underscores
     */
    String value() default "";

    /**
     * From the end of one sample to the start of the next; the resolution of the measured recovery.
     *
     * @return such as {@code 100ms}
     */
    String every() default "100ms";

    /**
     * How long one sample may take before it counts as bad and is interrupted.
     *
     * @return such as {@code 2s}
     */
    String timeout() default "2s";

    /**
     * How many samples in a row must be good.
     *
     * @return from 1 to 1000
     */
    int hold() default 3;

    /**
     * How long it is waited for before the faults are made.
     *
     * @return such as {@code 10s}; of several steady states the longest counts
     */
    String within() default "10s";

    /**
     * Whether it may also be sampled beside the body, so that impact is measured. Its client must be thread-safe then, and
     * should use an address of its own ({@code @ServiceUri(probe = true)}).
     *
     * @return false unless set
     */
    boolean during() default false;
}
