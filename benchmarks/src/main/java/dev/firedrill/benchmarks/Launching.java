package dev.firedrill.benchmarks;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs test classes as a build does. */
final class Launching {

    private Launching() {}

    static long run(Class<?> type) {
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create(LauncherConfig.builder()
                        .enableTestExecutionListenerAutoRegistration(false)
                        .build())
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(type))
                                .build(),
                        summary);
        if (summary.getSummary().getTotalFailureCount() > 0) {
            throw new IllegalStateException(
                    summary.getSummary().getFailures().get(0).getException());
        }
        return summary.getSummary().getTestsSucceededCount();
    }
}
