package dev.firedrill;

import static java.util.Objects.requireNonNull;

import dev.firedrill.fault.Fault;
import dev.firedrill.schedule.Schedule;

/**
 * A fault, where and when.
 *
 * @param place its place in the order of declaration, from 1, which is the order on a link from client to server; 0 if it was
 *     injected by hand, which stands in front of an experiment's, several of them in the order in which they begin
 * @param id its name in the experiment, such as {@code 1-latency}
 * @param fault what goes wrong
 * @param target where
 * @param schedule when
 * @since 0.1
 */
public record Step(int place, String id, Fault fault, Target target, Schedule schedule) {

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
