package dev.firedrill.junit5;

import dev.firedrill.Drill;
import dev.firedrill.Rehearsal;
import dev.firedrill.Report;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
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
    private @Nullable Throwable failure;
    private @Nullable Report report;

    Window(Rehearsal rehearsal) {
        this.rehearsal = rehearsal;
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

    /** Heals and judges. */
    Report finish() {
        Throwable thrown;
        synchronized (this) {
            thrown = failure;
        }
        Report made = rehearsal.finish(thrown);
        synchronized (this) {
            report = made;
        }
        return made;
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
