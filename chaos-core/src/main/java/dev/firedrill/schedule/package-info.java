/**
 * When, and by which chance: schedules, durations as text, and choices that are a pure function of seed and site.
 */
@NullMarked
package dev.firedrill.schedule;

import org.jspecify.annotations.NullMarked;
