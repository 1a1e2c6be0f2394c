package dev.firedrill.junit5;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Runs JUnit inside JUnit. */
final class Kit {

    private final EngineTestKit.Builder builder = EngineTestKit.engine("junit-jupiter")
            .configurationParameter("junit.jupiter.conditions.deactivate", "")
            .configurationParameter("chaos.seed", "7")
            .configurationParameter("chaos.report.dir", "target/kit-reports");

    static Kit of(Class<?>... classes) {
        Kit kit = new Kit();
        for (Class<?> each : classes) {
            kit.builder.selectors(selectClass(each));
        }
        return kit;
    }

    static Kit of(Class<?> type, String name) {
        Kit kit = new Kit();
        Method method = Arrays.stream(type.getDeclaredMethods())
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
        kit.builder.selectors(selectMethod(type, method));
        return kit;
    }

    Kit with(String name, String value) {
        builder.configurationParameter(name, value);
        return this;
    }

    Kit inParallel() {
        return with("junit.jupiter.execution.parallel.enabled", "true")
                .with("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .with("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
                .with("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .with("junit.jupiter.execution.parallel.config.fixed.parallelism", "8");
    }

    EngineExecutionResults run() {
        return builder.execute();
    }

    Events tests() {
        return run().testEvents();
    }

    /** What a run of one class, or of one of its tests, ended with; fails if it is a success. */
    Throwable failure() {
        List<Throwable> failures = failures(run());
        if (failures.size() != 1) {
            throw new AssertionError("expected one failure but there are " + failures);
        }
        return failures.get(0);
    }

    static List<Throwable> failures(EngineExecutionResults results) {
        return results.allEvents().finished().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .filter(result -> result.getStatus() != TestExecutionResult.Status.SUCCESSFUL)
                .map(result -> result.getThrowable().orElseThrow())
                .toList();
    }

    /** The value of a report entry, in the order of publication. */
    static List<String> entries(Events events, String key) {
        return events.reportingEntryPublished().stream()
                .map(Event::getPayload)
                .map(payload -> (org.junit.platform.engine.reporting.ReportEntry) payload.orElseThrow())
                .map(entry -> entry.getKeyValuePairs().get(key))
                .filter(value -> value != null)
                .toList();
    }

    static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> walk = Files.walk(directory)) {
                for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
