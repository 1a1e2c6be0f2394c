package dev.firedrill.spi;

import dev.firedrill.Step;

/**
 * One occurrence of a step.
 *
 * @param step the fault, its target and its schedule
 * @param number its number in the schedule, from 0
 * @param target what the target selected
 * @param draw which candidates are hit; shared by all occurrences of the step
 * @param effects where effects are counted; shared by all occurrences of the step
 * @since 0.1
 */
public record Occurrence(Step step, int number, Resolved target, Draw draw, Effects effects) {}
