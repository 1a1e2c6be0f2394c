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
