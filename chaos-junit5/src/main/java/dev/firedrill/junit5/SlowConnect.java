package dev.firedrill.junit5;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Makes new connections wait for the service while the test runs.
 *
 * <p>Connecting itself succeeds at once, as with a server that has no time to accept; whatever is sent waits for {@code
 * delay}. Open connections are not touched.
 *
 * <p>It may stand on a test method, on the class for all its tests, on an annotation of one's own, and several times. What
 * stands on a method wins over what stands on the class for the same target and the same kind of fault.
 *
 * @see dev.firedrill.fault.SlowConnect
 * @since 0.1
 */
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Repeatable(SlowConnect.List.class)
@ExtendWith(Guard.class)
public @interface SlowConnect {

    /**
     * Where: the links.
     *
     * @return {@code redis} for all links into it, {@code rabbit:15672} for one port, {@code orders->redis} for one caller, {@code
     *     pg[1]} for one node; several joined by commas
     */
    String target();

    /**
     * How long a new connection waits.
     *
     * @return more than {@code 0ms}, such as {@code 3s}
     */
    String delay();

    /**
     * How long after the start of the body the fault begins.
     *
     * @return such as {@code 500ms}, or {@code 100ms..900ms} for a length drawn by the seed; empty for "in force before the
     *     body begins"
     */
    String after() default "";

    /**
     * How long each occurrence lasts.
     *
     * @return such as {@code 2s}, or {@code 1s..3s} for a length drawn by the seed; empty for "until the body has ended"
     */
    String lasting() default "";

    /**
     * How far apart the starts of several occurrences are.
     *
     * @return such as {@code 10s}, together with {@link #times}; empty for one occurrence
     */
    String every() default "";

    /**
     * How many occurrences there are.
     *
     * @return 1 unless {@link #every} is given
     */
    int times() default 1;

    /**
     * How likely each candidate is hit. Candidates are connections.
     *
     * @return above 0 and at most 1
     */
    double probability() default 1;

    /**
     * Which candidate alone is hit, counted from 1.
     *
     * @return 0 for all
     */
    int nth() default 0;

    /**
     * The trigger that the schedule counts from instead of the body's start; the body pulls it by {@code Drill.trigger}.
     *
     * @return its name; empty for none
     */
    String on() default "";

    /**
     * How long the trigger is waited for, from the body's start; has a meaning only together with {@link #on}.
     *
     * @return such as {@code 30s}
     */
    String within() default "30s";

    /**
     * Several of them.
     *
     * @since 0.1
     */
    @Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
    @Retention(RetentionPolicy.RUNTIME)
    @Documented
    @ExtendWith(Guard.class)
    @interface List {

        /**
         * The faults.
         *
         * @return in the order of their declaration
         */
        SlowConnect[] value();
    }
}
