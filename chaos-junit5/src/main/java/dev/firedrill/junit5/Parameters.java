package dev.firedrill.junit5;

import dev.firedrill.Report;
import dev.firedrill.schedule.Durations;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** What a test and its lifecycle methods may be given of an experiment. */
final class Parameters {

    private Parameters() {}

    static boolean isOptionalReport(Parameter parameter) {
        return parameter.getParameterizedType() instanceof ParameterizedType type
                && type.getRawType() == Optional.class
                && type.getActualTypeArguments()[0] == Report.class;
    }

    static Object resolve(ParameterContext parameter, @Nullable Window window) {
        Report report = window == null ? null : window.report();
        if (isOptionalReport(parameter.getParameter())) {
            return Optional.ofNullable(report);
        }
        String source = Names.of(parameter.getDeclaringExecutable());
        if (parameter.getParameter().getType() == Report.class) {
            if (report == null) {
                throw new ParameterResolutionException(
                        "Report of " + source + ": there is none; only @AfterEach of a test with a fault has one. Write"
                                + " Optional<Report> where some tests have no fault");
            }
            return report;
        }
        if (window == null || report != null) {
            throw new ParameterResolutionException("Drill of " + source
                    + ": no experiment is running; only the body of a test that declares a fault has one");
        }
        return window.drill();
    }

    /** Short facts for JUnit's own report. */
    static Map<String, String> entries(Report report) {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("chaos.verdict", report.verdict().name());
        entries.put(
                "chaos.recovery",
                report.recovery()
                        .map(recovery -> Durations.format(
                                Duration.ofMillis(recovery.time().toMillis())))
                        .orElse("not measured"));
        entries.put("chaos.seed", String.valueOf(report.seed()));
        if (report.file() != null) {
            entries.put("chaos.report", report.file().toString());
        }
        return entries;
    }
}
