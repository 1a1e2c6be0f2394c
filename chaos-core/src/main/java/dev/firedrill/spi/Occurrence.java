package dev.firedrill.spi;

import dev.firedrill.Step;
import java.util.List;

/**
 * One occurrence of a step.
 *
 * @param step the fault, its target and its schedule
 * @param number its number in the schedule, from 0
 * @param target what the target selected
 * @param neighbours the other steps of its experiment; empty if it was injected by hand
 * @param draw which candidates are hit; shared by all occurrences of the step
 * @param effects where effects are counted; shared by all occurrences of the step
 * @since 0.1
 */
public record Occurrence(
        Step step, int number, Resolved target, List<Neighbour> neighbours, Draw draw, Effects effects) {

    /** Copies the list. */
    public Occurrence {
        neighbours = List.copyOf(neighbours);
    }

    /**
     * The same on a part of it.
     *
     * @param part a part of the target
     * @param counter where effects are counted
     * @return the occurrence there
     */
    public Occurrence on(Resolved part, Effects counter) {
        return new Occurrence(step, number, part, neighbours, draw, counter);
    }
}
