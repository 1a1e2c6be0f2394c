package dev.firedrill.junit5;

import dev.firedrill.Drill;
import dev.firedrill.Experiment;
import dev.firedrill.Rehearsal;
import dev.firedrill.Report;
import dev.firedrill.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.opentest4j.TestAbortedException;

/**
 * The time of one test in which its faults may be in force.
 *
 * <pre>
 *   opened ── failed(..) ──> opened ── close ──> closed, with a report
 * </pre>
 *
 * Safe for concurrent use: a body on a thread of its own may outlive its time-out.
 */
@SuppressWarnings("deprecation") // the oldest JUnit served closes nothing else, the newest deprecates it
final class Window implements CloseableResource {

    private final Rehearsal rehearsal;
    private final boolean mayFail;
    private @Nullable Throwable failure;
    private @Nullable Throwable assumption;
    private boolean someTestPassed;
    private @Nullable Report report;

    private Window(Rehearsal rehearsal, @Nullable Verdict expected) {
        this.rehearsal = rehearsal;
        this.mayFail = expected != null && !expected.isGood();
    }

    static Window open(Experiment experiment) {
        return new Window(experiment.begin(), experiment.expected());
    }

    boolean isOpen() {
        return rehearsal.isOpen();
    }

    Drill drill() {
        return rehearsal.drill();
    }

    /** Of several failures the first one counts; a real one counts more than an assumption. */
    synchronized void failed(Throwable thrown) {
        Throwable first = failure;
        if (first == null || (first instanceof TestAbortedException && !(thrown instanceof TestAbortedException))) {
            failure = thrown;
        } else if (!first.equals(thrown)) {
            first.addSuppressed(thrown);
        }
    }

    /** Keeps what the body threw for the verdict; only an error of the JVM's is thrown on, unless it is expected. */
    void keep(Throwable thrown) throws Throwable {
        failed(thrown);
        if (thrown instanceof VirtualMachineError error && !isForgiven(error)) {
            throw error;
        }
    }

    /** Runs the body. JUnit gives up where memory runs out and calls nobody any more, so all must be healed here. */
    <T extends @Nullable Object> T run(Invocation<T> body) throws Throwable {
        try {
            return body.proceed();
        } catch (OutOfMemoryError e) {
            keep(e);
            throw e;
        }
    }

    private boolean isForgiven(VirtualMachineError error) {
        try {
            return finish().isExpected() && !(error instanceof OutOfMemoryError);
        } catch (RuntimeException | Error e) {
            if (!error.equals(e)) {
                error.addSuppressed(e);
            }
            return false;
        }
    }

    /**
     * Runs one of the dynamic tests that are the body together. JUnit settles each by itself, long before the verdict; where
     * another verdict than a good one is expected, a failure is left to the verdict alone.
     */
    void runPart(Invocation<Void> test) throws Throwable {
        try {
            run(test);
            passed();
        } catch (TestAbortedException e) {
            aborted(e);
            throw e;
        } catch (Throwable e) {
            failed(e);
            if (!mayFail || e instanceof OutOfMemoryError) {
                throw e;
            }
        }
    }

    private synchronized void passed() {
        someTestPassed = true;
    }

    private synchronized void aborted(TestAbortedException thrown) {
        assumption = assumption == null ? thrown : assumption;
    }

    /** Heals and judges. */
    Report finish() {
        Report made = rehearsal.finish(bodyFailure());
        synchronized (this) {
            report = made;
        }
        return made;
    }

    /** The assumption of one dynamic test says nothing about the others; that of all of them means that there was no body. */
    private synchronized @Nullable Throwable bodyFailure() {
        return failure != null || someTestPassed ? failure : assumption;
    }

    /** The report; null as long as the body runs. */
    synchronized @Nullable Report report() {
        return report;
    }

    /** Whatever prevented the end in good order: nothing stays in force. */
    @Override
    public void close() {
        finish();
    }
}
