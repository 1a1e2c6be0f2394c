package dev.firedrill;

import dev.firedrill.schedule.Chance;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The body's view of the running experiment. Safe for concurrent use.
 *
 * <p>A body that fails because it asked its drill for what can't be has a verdict that says so: {@link
 * Verdict#TEST_FAILED}.
 *
 * @since 0.1
 */
public interface Drill {

    /**
     * Does something and records it as an operation of the history.
     *
     * @param name what is done, such as "pay"
     * @param work the thing itself
     * @param <T> what it returns
     * @return what it returned
     * @throws Exception what it threw; a time-out or a lost connection is recorded as UNKNOWN, everything else as FAILED
     * @throws IllegalArgumentException if the name is blank or {@code body}
     * @throws IllegalStateException if there are more than a million operations
     */
    default <T extends @Nullable Object> T operation(String name, Callable<T> work) throws Exception {
        return operation(name, null, work);
    }

    /**
     * Does something and records it, with its input, as an operation of the history.
     *
     * @param name what is done, such as "pay"
     * @param input what goes in, for invariants and the report
     * @param work the thing itself
     * @param <T> what it returns
     * @return what it returned
     * @throws Exception what it threw; a time-out or a lost connection is recorded as UNKNOWN, everything else as FAILED
     * @throws IllegalArgumentException if the name is blank or {@code body}
     * @throws IllegalStateException if there are more than a million operations
     */
    <T extends @Nullable Object> T operation(String name, @Nullable Object input, Callable<T> work) throws Exception;

    /**
     * Waits until every step has been in force at least once. Bounded by the schedule.
     *
     * @throws IllegalStateException if a step waits for a trigger that was not pulled, or could not be injected
     */
    void awaitActive();

    /**
     * Waits until the schedule has put the last occurrence of each step with an end to its end. Bounded by the schedule.
     *
     * @throws IllegalStateException if a step lasts until the end of the body, waits for a trigger that was not pulled, or
     *     could not be injected
     */
    void awaitHealed();

    /**
     * Says whether a fault is in force now.
     *
     * @return true while at least one is
     */
    boolean isActive();

    /**
     * Pulls a trigger: steps with a schedule {@code on} this name count from now. The second and later pulls do nothing.
     *
     * @param name the trigger
     * @throws IllegalArgumentException if no step waits for it
     */
    void trigger(String name);

    /**
     * The seed of this run.
     *
     * @return the number that repeats it
     */
    long seed();

    /**
     * The test's own chance, repeated by the seed.
     *
     * @param purpose what is chosen
     * @return the site
     */
    Chance chance(String purpose);
}
