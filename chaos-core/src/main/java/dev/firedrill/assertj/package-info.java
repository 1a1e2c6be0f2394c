/**
 * AssertJ assertions on a report.
 */
@NullMarked
package dev.firedrill.assertj;

import org.jspecify.annotations.NullMarked;
