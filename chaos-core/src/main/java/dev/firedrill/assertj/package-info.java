/**
 * AssertJ assertions on a report: {@link dev.firedrill.assertj.FiredrillAssertions#assertThat} begins them, {@link
 * dev.firedrill.assertj.ReportAssert} has them. They need AssertJ on the class path, which Firedrill does not bring.
 */
@NullMarked
package dev.firedrill.assertj;

import org.jspecify.annotations.NullMarked;
