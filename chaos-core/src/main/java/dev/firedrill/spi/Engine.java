package dev.firedrill.spi;

import dev.firedrill.Step;
import dev.firedrill.fault.Fault;
import java.util.List;

/**
 * How faults are made.
 *
 * <p>Contract: {@link #supports} and {@link #prepare} touch nothing. Core writes {@code prepared.undo()} to the journal and
 * only then activates. If {@code activate} throws, the engine has undone its own work and {@code heal} is not called. {@code
 * heal} is called at least once otherwise, possibly from another thread, possibly while the JVM shuts down. {@link #undo} is
 * idempotent and guarded by identity: it does nothing to a thing that is not the one recorded. All methods may be called
 * concurrently.
 *
 * @since 0.1
 */
public interface Engine extends AutoCloseable {

    /**
     * The name in reports, undo records and configuration.
     *
     * @return such as {@code embedded}
     */
    String name();

    /**
     * Says whether this engine can make a fault on a target.
     *
     * @param fault the fault
     * @param target what the target selects now
     * @return yes, or no with the reason and what would do it
     */
    Support supports(Fault fault, Resolved target);

    /**
     * Says whether this engine can make a step of an experiment, of which chance and order may demand more than the fault alone.
     *
     * @param step the step
     * @param target what the target selects now
     * @param neighbours the other steps of its experiment; empty if it is injected by hand
     * @return yes, or no with the reason and what would do it
     */
    default Support supports(Step step, Resolved target, List<Neighbour> neighbours) {
        return supports(step.fault(), target);
    }

    /**
     * Makes a fault ready without touching anything.
     *
     * @param occurrence what to make, where, with whose chance, and where to count effects
     * @return the prepared fault
     * @throws RuntimeException if it can't be made
     */
    Prepared prepare(Occurrence occurrence);

    /**
     * Undoes what an earlier JVM left.
     *
     * @param record what that JVM had written before the fault
     * @return one line on what was done; empty if nothing was left to undo
     * @throws RuntimeException if it could not be undone
     */
    String undo(UndoRecord record);

    /** Releases what the engine holds. */
    @Override
    default void close() {}
}
