package dev.firedrill.benchmarks.network;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A way from the caller to the servers: straight, or through a proxy. */
abstract class Way implements AutoCloseable {

    /** The proxy's process; none if the way is straight. */
    abstract @Nullable Child process();

    abstract int echoPort();

    abstract int sinkPort();

    /** Puts so many latencies of the same delay on it, one after the other, on both directions or on replies only. */
    void slow(int latencies, int millis, boolean bothDirections) throws IOException {
        throw new IOException("makes no faults");
    }

    /** Takes them away. */
    void heal() throws IOException {
        throw new IOException("makes no faults");
    }

    /** What the thread that moves the bytes has allocated, where that can be known. */
    double allocatedBytes() throws IOException {
        return Double.NaN;
    }

    final double cpuMillis() throws IOException {
        Child child = process();
        return child == null ? Double.NaN : child.cpuMillis();
    }

    @Override
    public void close() {
        Child child = process();
        if (child != null) {
            child.close();
        }
    }
}
