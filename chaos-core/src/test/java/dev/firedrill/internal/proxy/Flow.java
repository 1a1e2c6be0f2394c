package dev.firedrill.internal.proxy;

import dev.firedrill.internal.proxy.Peer.Ending;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Numbered lines that a service sends without a break, so that some are always under way, and never more than a few. */
final class Flow {

    private static final int FIRST = 1000;
    private static final int WINDOW = 50;

    /** At least a hundred of them are sent after the fault began. */
    private static final int ENOUGH = 3 * WINDOW;

    private final Semaphore window = new Semaphore(WINDOW);
    private final Elapsed since;
    private final Background<Heard> heard;
    private volatile boolean begun;
    private volatile boolean enough;
    private Duration full = Duration.ZERO;
    private int scanned;
    private int highest = FIRST - 1;
    private int before = Integer.MAX_VALUE;

    private Flow(Peer caller, Peer service, Elapsed since, Duration patience) {
        this.since = since;
        heard = Background.call(() -> {
            Background<Boolean> sender = Background.run(() -> send(service));
            Heard all = Heard.of(caller, since, patience, this::look);
            enough = true;
            sender.result(Peer.PATIENCE);
            return all;
        });
    }

    static Flow start(Peer caller, Peer service, Elapsed since, Duration patience) {
        return new Flow(caller, service, since, patience);
    }

    private void send(Peer service) throws Exception {
        int next = FIRST;
        try {
            while (!enough) {
                if (window.tryAcquire(20, TimeUnit.MILLISECONDS)) {
                    int count = 1 + window.drainPermits();
                    service.send(Teller.lines(next, count));
                    next += count;
                }
            }
            service.finish();
        } catch (SocketException e) {
            return; // the connection is no more, which the other end tells
        }
    }

    /** Reads on until the end, but lets the sender end when it has been enough. */
    private boolean look(StringBuilder text) {
        for (int end = text.indexOf("\n", scanned); end >= 0; end = text.indexOf("\n", scanned)) {
            int number = number(text.substring(scanned, end));
            if (number > highest && number <= highest + 2 * WINDOW) {
                window.release(number - highest);
                highest = number;
            }
            scanned = end + 1;
        }
        if (begun && before == Integer.MAX_VALUE) {
            before = highest;
        }
        if (!enough && begun && highest - before >= ENOUGH) {
            full = since.time();
            enough = true;
        }
        return false;
    }

    private static int number(String line) {
        return line.matches("\\d{7} abcdefg") ? Heard.number(line) : -1;
    }

    /** The fault is in force. */
    void faultBegan() {
        begun = true;
    }

    /** What is seen of it. */
    String seen(Sign sign) throws Exception {
        Heard all = heard.result(Peer.PATIENCE.multipliedBy(3));
        String change = all.change(FIRST);
        if (full.isZero()) {
            String end = all.end().map(Ending::name).orElse(Sign.SILENCE);
            return (change.isEmpty() ? "" : change + ", ") + (sign.closesLate(all) ? sign.word : end);
        }
        if (!all.end().equals(Optional.of(Ending.FIN))) {
            return all.end().map(Ending::name).orElse("no end");
        }
        return change.isEmpty() ? sign.of(full, all.pieces(), all.time().minus(full)) : change;
    }
}
