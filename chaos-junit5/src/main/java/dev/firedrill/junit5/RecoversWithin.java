package dev.firedrill.junit5;

import dev.firedrill.probe.Recovery;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Says how soon every {@link SteadyState} must hold again; 30 s where it is missing.
 *
 * @since 0.1
 */
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(Guard.class)
public @interface RecoversWithin {

    /**
     * The deadline.
     *
     * @return such as {@code 5s}
     */
    String value();

    /**
     * What the clock starts at: {@code HEAL} is the later of the last heal and the end of the body; {@code EFFECT} is the
     * first effect and asks for fail-over: the faults stay in force until recovery is judged. A body that outlasts the
     * deadline needs a steady state that is sampled beside it ({@code during = true}), for else nobody sees it in time.
     *
     * @return heal unless set
     */
    Recovery.From from() default Recovery.From.HEAL;
}
