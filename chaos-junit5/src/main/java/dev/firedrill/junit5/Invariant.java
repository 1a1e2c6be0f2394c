package dev.firedrill.junit5;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a method that checks what must be true in the end of every test with a fault: that nothing was lost, duplicated or
 * wrong.
 *
 * <p>The method has no parameter or one of type {@code dev.firedrill.history.History}, and returns {@code void} or {@code
 * boolean}. It runs once after recovery was judged: false or an {@code AssertionError} means broken, any other exception means
 * that the system could not be read, which is tried again for 5 s if the system had recovered. It applies to all tests of the
 * class that have a fault, of its subclasses and of its {@code @Nested} classes.
 *
 * @since 0.1
 */
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface Invariant {

    /**
     * The sentence for the report.
     *
     * @return empty for the method's name with blanks for underscores
     */
    String value() default "";
}
