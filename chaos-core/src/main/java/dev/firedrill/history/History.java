package dev.firedrill.history;

import java.util.List;

/**
 * All operations of one run, in the order of their start; those that have not ended are UNKNOWN. Immutable.
 *
 * @param operations the operations, the body among them
 * @since 0.1
 */
public record History(List<Operation> operations) {

    /** Copies the list. */
    public History {
        operations = List.copyOf(operations);
    }

    /**
     * The operations of one name.
     *
     * @param name as passed to {@code Drill.operation}
     * @return those operations, in order
     */
    public History named(String name) {
        return new History(
                operations.stream().filter(each -> each.name().equals(name)).toList());
    }

    /**
     * The operations that were acknowledged.
     *
     * @return those with outcome OK, in order
     */
    public History acknowledged() {
        return with(Operation.Outcome.OK);
    }

    /**
     * The operations with one outcome.
     *
     * @param outcome the outcome
     * @return those operations, in order
     */
    public History with(Operation.Outcome outcome) {
        return new History(
                operations.stream().filter(each -> each.outcome() == outcome).toList());
    }

    /**
     * What the operations returned.
     *
     * @param type the class of the outputs wanted
     * @param <T> that class
     * @return the outputs of that class, in order
     */
    public <T> List<T> outputs(Class<T> type) {
        return operations.stream()
                .map(Operation::output)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    /**
     * What the operations were given.
     *
     * @param type the class of the inputs wanted
     * @param <T> that class
     * @return the inputs of that class, in order
     */
    public <T> List<T> inputs(Class<T> type) {
        return operations.stream()
                .map(Operation::input)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
