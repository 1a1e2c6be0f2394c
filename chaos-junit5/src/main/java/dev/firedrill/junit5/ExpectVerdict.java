package dev.firedrill.junit5;

import dev.firedrill.Verdict;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Makes one verdict the only one that passes: documents a system that is known to be fragile.
 *
 * <p>What the body throws is then part of the verdict and passes with it. That goes for dynamic tests too, which are the body
 * of their factory together: unless the expected verdict is a good one, those that fail are shown as passed, and if another
 * verdict comes out, the factory fails with the first failure as the cause.
 *
 * @since 0.1
 */
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(Guard.class)
public @interface ExpectVerdict {

    /**
     * The verdict.
     *
     * @return such as {@code NOT_RECOVERED}
     */
    Verdict value();
}
