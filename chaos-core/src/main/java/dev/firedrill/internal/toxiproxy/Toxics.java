package dev.firedrill.internal.toxiproxy;

import static java.util.Objects.requireNonNull;

import dev.firedrill.Step;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.ToxicList;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What Toxiproxy's toxics can do of our faults. */
final class Toxics {

    private static final int KILOBYTE = 1_000; // Toxiproxy's
    private static final int MICROSECOND = 1_000; // in nanoseconds

    private Toxics() {}

    /** Why Toxiproxy can't make a fault as asked; null if it can. */
    static @Nullable String refusal(Step step) {
        Fault fault = step.fault();
        if (fault instanceof ResetPeer) {
            return "its reset_peer ends the connections that are open already in good order instead of by RST";
        }
        if (fault instanceof Refuse) {
            return "it can only stop listening, which cuts the connections that are open already";
        }
        if (direction(fault) == null) {
            return "it has no toxic for " + fault.kind();
        }
        if (step.schedule().probability() < 1 || step.schedule().nth() > 0) {
            return "its own dice can't be seeded, so it takes neither probability nor nth";
        }
        if (fault instanceof Latency latency && !(isWhole(latency.delay()) && isWhole(latency.jitter()))) {
            return "it counts in whole milliseconds";
        }
        if (fault instanceof Latency latency && latency.distribution() != Latency.Distribution.UNIFORM) {
            return "its jitter is uniform, never " + latency.distribution();
        }
        if (fault instanceof SlowClose slow && !isWhole(slow.delay())) {
            return "it counts in whole milliseconds";
        }
        if (fault instanceof Blackhole blackhole && !isWhole(blackhole.timeout())) {
            return "it counts in whole milliseconds";
        }
        if (fault instanceof Slice slice && slice.delay().toNanosPart() % MICROSECOND != 0) {
            return "it counts in whole microseconds here";
        }
        if (fault instanceof Bandwidth bandwidth && bandwidth.rate().bytesPerSecond() % KILOBYTE != 0) {
            return "it counts in whole KB/s (1,000 bytes)";
        }
        return null;
    }

    /**
     * What the embedded proxy does better: chance that the seed repeats, healing that resets what has lost bytes, cuts that do
     * not depend on reads, a close in good order for whoever still sends, and proof of an end while that is held.
     */
    static boolean isBetterEmbedded(Step step) {
        return step.fault() instanceof Blackhole
                || step.fault() instanceof Slice
                || step.fault() instanceof LimitData
                || step.fault() instanceof SlowClose
                || (step.fault() instanceof Latency latency && !latency.jitter().isZero());
    }

    private static boolean isWhole(Duration duration) {
        return duration.toNanosPart() % 1_000_000 == 0;
    }

    /** Adds the toxics of one occurrence; if one can't be added, those before it are taken away again. */
    static List<Toxic> add(Proxy proxy, String name, Fault fault) throws IOException {
        List<Toxic> added = new ArrayList<>();
        try {
            for (ToxicDirection direction : directions(fault)) {
                added.add(add(proxy.toxics(), named(name, direction), direction, fault));
            }
            return added;
        } catch (IOException | RuntimeException e) {
            for (Toxic toxic : added) {
                try {
                    toxic.remove();
                } catch (IOException f) {
                    e.addSuppressed(f);
                }
            }
            throw e;
        }
    }

    /** Removes those toxics of one occurrence that are there. */
    static void remove(Proxy proxy, String name, Fault fault) throws IOException {
        for (Toxic toxic : proxy.toxics().getAll()) {
            for (ToxicDirection direction : directions(fault)) {
                if (toxic.getName().equals(named(name, direction))) {
                    toxic.remove();
                }
            }
        }
    }

    private static String named(String name, ToxicDirection direction) {
        return name + "-" + direction.name().toLowerCase(Locale.ROOT);
    }

    private static Toxic add(ToxicList toxics, String name, ToxicDirection direction, Fault fault) throws IOException {
        if (fault instanceof Latency latency) {
            var toxic = toxics.latency(name, direction, latency.delay().toMillis());
            return latency.jitter().isZero()
                    ? toxic
                    : toxic.setJitter(latency.jitter().toMillis());
        }
        if (fault instanceof Bandwidth bandwidth) {
            return toxics.bandwidth(name, direction, bandwidth.rate().bytesPerSecond() / KILOBYTE);
        }
        if (fault instanceof Slice slice) {
            var toxic =
                    toxics.slicer(name, direction, slice.size(), slice.delay().toNanos() / MICROSECOND);
            return slice.variation() == 0 ? toxic : toxic.setSizeVariation(slice.variation());
        }
        if (fault instanceof LimitData limit) {
            return toxics.limitData(name, direction, limit.bytes());
        }
        if (fault instanceof SlowClose slow) {
            return toxics.slowClose(name, direction, slow.delay().toMillis());
        }
        return toxics.timeout(
                name,
                direction,
                fault instanceof Blackhole blackhole ? blackhole.timeout().toMillis() : 0);
    }

    private static List<ToxicDirection> directions(Fault fault) {
        Direction wanted = requireNonNull(direction(fault));
        List<ToxicDirection> directions = new ArrayList<>();
        if (wanted.coversUpstream()) {
            directions.add(ToxicDirection.UPSTREAM);
        }
        if (wanted.coversDownstream()) {
            directions.add(ToxicDirection.DOWNSTREAM);
        }
        return directions;
    }

    /** Which way the toxic acts that makes the fault; null if there is none. */
    static @Nullable Direction direction(Fault fault) {
        if (fault instanceof Latency latency) {
            return latency.direction();
        }
        if (fault instanceof Bandwidth bandwidth) {
            return bandwidth.direction();
        }
        if (fault instanceof Slice slice) {
            return slice.direction();
        }
        if (fault instanceof LimitData limit) {
            return limit.direction();
        }
        if (fault instanceof SlowClose slow) {
            return slow.direction();
        }
        return fault instanceof Blackhole blackhole ? blackhole.direction() : null;
    }
}
