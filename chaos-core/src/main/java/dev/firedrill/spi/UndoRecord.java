package dev.firedrill.spi;

import java.util.Map;

/**
 * How to undo something, as data that a later JVM understands.
 *
 * @param engine the name of the engine whose {@link Engine#undo} is called
 * @param action what that engine is to do, such as {@code end-process}
 * @param what one line for people, such as "redis (process 4711)"
 * @param data what identifies the thing beyond doubt, such as a process id with its start time
 * @since 0.1
 */
public record UndoRecord(String engine, String action, String what, Map<String, String> data) {

    /** There is nothing to undo once this JVM is gone; such a record is not written. */
    public static final UndoRecord DIES_WITH_JVM = new UndoRecord("", "none", "", Map.of());

    /** Copies the map. */
    public UndoRecord {
        data = Map.copyOf(data);
    }
}
