package dev.firedrill;

import static java.util.Objects.requireNonNull;

import dev.firedrill.fault.Fault;
import dev.firedrill.schedule.Schedule;

/**
 * A fault, where and when.
 *
 * @param id its name in the experiment, such as {@code 1-latency}
 * @param fault what goes wrong
 * @param target where
 * @param schedule when
 * @since 0.1
 */
public record Step(String id, Fault fault, Target target, Schedule schedule) {

    /** Checks the arguments. */
    public Step {
        requireNonNull(id, "id");
        requireNonNull(fault, "fault");
        requireNonNull(target, "target");
        requireNonNull(schedule, "schedule");
    }

    @Override
    public String toString() {
        return id + ": " + fault + " on " + target + " " + schedule;
    }
}
