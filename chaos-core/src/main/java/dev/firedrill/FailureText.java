package dev.firedrill;

import java.util.stream.Collectors;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** The text of a verdict: one sentence, then aligned facts. */
final class FailureText {

    private FailureText() {}

    static String of(Report report) {
        String sentence = report.findings().isEmpty()
                ? report.name() + " came to " + report.verdict()
                : report.findings().get(0).text();
        int width = report.facts().stream()
                .mapToInt(fact -> fact.key().length())
                .max()
                .orElse(0);
        String head = report.expected() == null || report.isExpected()
                ? sentence
                : "expected " + report.expected() + " but was " + report.verdict() + ": " + sentence;
        return report.facts().stream()
                .map(fact -> "  " + fact.key() + " ".repeat(width - fact.key().length()) + ": "
                        + fact.value().replace("\n", "\n  " + " ".repeat(width) + "  "))
                .collect(Collectors.joining("\n", head + (report.facts().isEmpty() ? "" : "\n"), ""));
    }

    static void throwUnlessExpected(Report report) {
        if (report.isExpected()) {
            return;
        }
        if (report.verdict() == Verdict.ABORTED) {
            throw report.cause() == null
                    ? new TestAbortedException(of(report))
                    : new TestAbortedException(of(report), report.cause());
        }
        throw report.cause() == null
                ? new AssertionFailedError(of(report))
                : new AssertionFailedError(of(report), report.cause());
    }
}
