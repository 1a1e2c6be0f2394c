package dev.firedrill.internal.proxy;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * What all stages of one io thread hold at once. Each connection has a bound of its own, but many together would use up the JVM's
 * direct memory, and the next buffer that can't be had costs its connection. Confined to the thread.
 */
final class Budget {

    /** What is held costs more than its buffer, and many small pieces cost a lot. */
    private static final int ITEM = 2 << 10;

    /** So much is always there; to ask for the limit takes the JVM some ten milliseconds. */
    private static final long ALWAYS = 8 << 20;

    /** The rest is for what is read, what waits to be written, and what the test itself needs. */
    private static final int PART = 4;

    private static final String OF_NETTY = "io.netty.maxDirectMemory";

    private final LongSupplier limit;
    private long taken;

    Budget() {
        this(() -> Limit.BYTES);
    }

    /** {@code limit} is asked late, and only if it may be reached. */
    Budget(LongSupplier limit) {
        this.limit = limit;
    }

    /** Looked for once. */
    private static final class Limit {

        private static final long BYTES = Math.max(ALWAYS, direct() / PART);

        private static long direct() {
            long most = Runtime.getRuntime().maxMemory(); // unless something else is said
            long said = said();
            long nettys = Long.getLong(OF_NETTY, 0);
            most = said > 0 ? said : most;
            return nettys > 0 ? Math.min(nettys, most) : most;
        }

        private static long said() {
            try {
                return Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                        .getVMOption("MaxDirectMemorySize")
                        .getValue());
            } catch (RuntimeException | LinkageError e) {
                return 0; // another JVM, or one without that module
            }
        }
    }

    void take(int bytes) {
        taken += ITEM + bytes;
    }

    void giveBack(int bytes) {
        taken -= ITEM + bytes;
    }

    /** Says whether nobody should take more who could do without. */
    boolean isExhausted() {
        return taken >= ALWAYS && taken >= limit.getAsLong();
    }
}
