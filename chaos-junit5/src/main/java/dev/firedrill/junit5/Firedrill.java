package dev.firedrill.junit5;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Makes a test class a fire drill: its {@link ChaosService} fields are started, and the faults that its annotations declare
 * are in force while its tests run.
 *
 * <p>It is inherited by subclasses and by {@code @Nested} classes, and so is what the other annotations say. They are read
 * from the outside in: enclosing classes, superclasses and interfaces, the test class, the methods that the test overrides
 * (whether they are tests or not), the test. Faults add up, but for the same target and the same kind of fault what is closer
 * to the test wins, and {@link NoFaults} takes away all that lies further out. Of {@link RecoversWithin} and {@link
 * ExpectVerdict} the closest one counts.
 *
 * <p>Tests that share a service never overlap in parallel execution while one of them has a fault; others do.
 *
 * <p>Settings are JUnit configuration parameters or system properties: {@code chaos.enabled}, {@code chaos.seed}, {@code
 * chaos.engine}, {@code chaos.profile}, {@code chaos.report.dir}, {@code chaos.replay}, {@code chaos.toxiproxy}.
 *
 * @see FiredrillExtension
 * @since 0.1
 */
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ExtendWith(FiredrillExtension.class)
@ResourceLock(providers = ServiceLocks.class)
public @interface Firedrill {}
