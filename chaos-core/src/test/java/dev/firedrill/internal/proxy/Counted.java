package dev.firedrill.internal.proxy;

import dev.firedrill.Link;
import dev.firedrill.Node;
import dev.firedrill.spi.Effects;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/** Counts effects on links. */
final class Counted implements Effects {

    private final LongAdder ofTest = new LongAdder();
    private final LongAdder doubtful = new LongAdder();
    private final LongAdder ofProbes = new LongAdder();
    private final Queue<String> unread = new ConcurrentLinkedQueue<>();

    @Override
    public void touched(Link link, boolean isOfTest) {
        (link.isProbe() ? ofProbes : isOfTest ? ofTest : doubtful).increment();
    }

    @Override
    public void touched(Node node) {
        throw new AssertionError("the proxy never touches a node, but it said that it touched " + node);
    }

    @Override
    public void unread(Link link, String what) {
        unread.add(what);
    }

    /** What could not be read as messages. */
    List<String> unread() {
        return List.copyOf(unread);
    }

    /** On links of the test, by its own connections. */
    long ofTest() {
        return ofTest.sum();
    }

    /** On links of the test, by connections that were opened while a probe looked. */
    long doubtful() {
        return doubtful.sum();
    }

    /** On links of the probes. */
    long ofProbes() {
        return ofProbes.sum();
    }

    long all() {
        return ofTest() + doubtful() + ofProbes();
    }
}
