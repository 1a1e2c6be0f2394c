/**
 * Events, findings and the renderers that read a report.
 */
@NullMarked
package dev.firedrill.report;

import org.jspecify.annotations.NullMarked;
