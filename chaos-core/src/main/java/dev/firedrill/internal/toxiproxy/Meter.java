package dev.firedrill.internal.toxiproxy;

import dev.firedrill.ChaosException;
import dev.firedrill.spi.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether anything passed a Toxiproxy that can't be watched, from the bytes that its network has brought it, as it tells
 * itself. A connection's own bytes it counts only when that closes, and clients keep connections. Safe for concurrent use.
 *
 * <pre>
 *   watched   |---- base .... look | a call of ours | base .... look |    what moved between base and look is not ours
 * </pre>
 */
final class Meter {

    private static final Pattern BYTES =
            Pattern.compile("^process_network_receive_bytes_total (\\S+)$", Pattern.MULTILINE);
    private static final Pattern FILES = Pattern.compile("^process_open_fds (\\S+)$", Pattern.MULTILINE);

    private static final int EMPTY_PACKET = 52; // an acknowledgement, or the answer whether a connection is still there
    private static final int SPARE_PACKETS = 3; // by so many acknowledgements one call of ours differs from another
    private static final long KEEP_ALIVE_NANOS = TimeUnit.SECONDS.toNanos(15); // how often Go asks that

    private final Api api;
    private final TimeSource time;
    private int watchers;
    private long movements;
    private @Nullable Reading base;
    private double ownCost;

    Meter(Api api, TimeSource time) {
        this.api = api;
        this.time = time;
    }

    private record Reading(double bytes, double files, long at) {}

    /** Begins to watch; returns what {@link #end} wants to know. */
    synchronized long begin() {
        look();
        watchers++;
        rebase();
        return movements;
    }

    /** Ends watching, and says whether something may have passed since it began. */
    synchronized boolean end(long since) {
        look();
        watchers--;
        rebase();
        return movements > since;
    }

    /** A call of ours is about to move bytes. */
    synchronized void pause() {
        look();
    }

    /** That call is over. */
    synchronized void resume() {
        rebase();
    }

    private void look() {
        Reading then = base;
        base = null;
        if (watchers == 0) {
            return;
        }
        Reading now = then == null ? null : read();
        // one who does not tell is never said to have carried nothing
        if (then == null || now == null || isForeign(then, now)) {
            movements++;
        }
    }

    /** A connection attempt, and whatever carries a byte, is seen in what is no whole number of empty packets. */
    private boolean isForeign(Reading then, Reading now) {
        double excess = now.bytes - then.bytes - ownCost;
        long asked = (now.at - then.at) / KEEP_ALIVE_NANOS;
        return excess % EMPTY_PACKET != 0 || excess > EMPTY_PACKET * (SPARE_PACKETS + asked * then.files);
    }

    private void rebase() {
        if (watchers == 0) {
            return;
        }
        read(); // takes the connection along that the last call has left open
        Reading first = read();
        Reading second = read();
        Reading third = read();
        if (first != null && second != null && third != null) {
            // what asking costs differs by how often the answer was acknowledged
            ownCost = Math.min(second.bytes - first.bytes, third.bytes - second.bytes);
        }
        base = third;
    }

    private @Nullable Reading read() {
        try {
            String text = api.metrics();
            Matcher bytes = BYTES.matcher(text);
            Matcher files = FILES.matcher(text);
            return bytes.find() && files.find()
                    ? new Reading(Double.parseDouble(bytes.group(1)), Double.parseDouble(files.group(1)), time.nanos())
                    : null;
        } catch (ChaosException e) {
            return null; // whoever wanted to call it will say so
        }
    }
}
