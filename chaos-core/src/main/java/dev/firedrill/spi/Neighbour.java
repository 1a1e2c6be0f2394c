package dev.firedrill.spi;

import dev.firedrill.Step;

/**
 * Another step of the same experiment: on what both select, the order of declaration is to be kept.
 *
 * @param step the other step
 * @param target all that its target may select
 * @since 0.1
 */
public record Neighbour(Step step, Resolved target) {}
