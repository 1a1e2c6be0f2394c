package dev.firedrill.junit5;

import dev.firedrill.Target;
import dev.firedrill.fault.Fault;
import dev.firedrill.schedule.Schedule;

/**
 * One fault that a test declares.
 *
 * @param source where it is declared, for messages
 * @param fault what goes wrong
 * @param target where
 * @param schedule when
 */
record FaultDeclaration(String source, Fault fault, Target target, Schedule schedule) {

    /** Of two such declarations the one closer to the test wins. */
    boolean isAboutTheSameAs(FaultDeclaration other) {
        return fault.kind().equals(other.fault.kind()) && target.equals(other.target);
    }
}
