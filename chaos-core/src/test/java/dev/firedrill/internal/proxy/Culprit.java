package dev.firedrill.internal.proxy;

import dev.firedrill.Chaos;
import dev.firedrill.Experiment;
import dev.firedrill.Report;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.Upstream;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.spi.ActiveFault;
import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.ToxicList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/** Who makes faults on the way to a server. */
interface Culprit extends AutoCloseable {

    /** Instead of a situation. */
    String REFUSED = "refused";

    /** Where the server is reached. */
    InetSocketAddress address();

    /**
     * Makes a fault.
     *
     * @return what heals it; empty if there is no such thing here
     * @throws IllegalArgumentException if it is refused
     */
    Optional<Runnable> begin(Fault fault);

    /**
     * Makes several faults at once, in the order of their declaration.
     *
     * @return what is seen under them; empty if there is no such thing here
     * @throws IllegalArgumentException if they are refused
     */
    default Optional<String> together(List<Fault> faults, Callable<String> look) {
        return Optional.empty();
    }

    @Override
    void close() throws IOException;

    /** Why Toxiproxy can't, of all that a refusal says. */
    static String reason(IllegalArgumentException refusal) {
        return refusal.getMessage()
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("toxiproxy: "))
                .map(line -> line.substring("toxiproxy: ".length()).replaceAll(";.*", ""))
                .findFirst()
                .orElse(refusal.getMessage());
    }

    /** Ours, by one engine. */
    static Culprit ours(Path home, Map<String, String> settings, int port) {
        Chaos chaos =
                Chaos.builder().home(home).reports(null).settings(settings::get).start();
        Service kv = chaos.service("kv", Upstream.at("127.0.0.1", port));
        return new Culprit() {
            @Override
            public InetSocketAddress address() {
                return kv.address();
            }

            @Override
            public Optional<Runnable> begin(Fault fault) {
                ActiveFault made = chaos.inject(fault, Target.of(kv));
                return Optional.of(made::heal);
            }

            @Override
            public Optional<String> together(List<Fault> faults, Callable<String> look) {
                Experiment.Builder experiment = chaos.experiment("together");
                faults.forEach(fault -> experiment.inject(fault, kv));
                AtomicReference<String> seen = new AtomicReference<>();
                Report report = experiment.observe(drill -> seen.set(look.call()));
                if (seen.get() == null) {
                    throw new AssertionError(report.text());
                }
                return Optional.of(seen.get());
            }

            @Override
            public void close() {
                chaos.close();
            }
        };
    }

    /** The real Toxiproxy, by its own API. */
    static Culprit theirs(int api, int port) throws IOException {
        Proxy proxy = new ToxiproxyClient("127.0.0.1", api).createProxy("bare", "127.0.0.1:0", "127.0.0.1:" + port);
        String listen = proxy.getListen();
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1)));
        return new Culprit() {
            private int made;

            @Override
            public InetSocketAddress address() {
                return address;
            }

            @Override
            public Optional<Runnable> begin(Fault fault) {
                try {
                    List<Toxic> toxics = new ArrayList<>();
                    for (ToxicDirection way : ToxicDirection.values()) {
                        toxic(proxy.toxics(), "toxic-" + ++made, way, fault).ifPresent(toxics::add);
                    }
                    return toxics.isEmpty() ? Optional.empty() : Optional.of(() -> toxics.forEach(Culprit::remove));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void close() throws IOException {
                proxy.delete();
            }
        };
    }

    private static void remove(Toxic toxic) {
        try {
            toxic.remove();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Toxic> toxic(ToxicList toxics, String name, ToxicDirection way, Fault fault)
            throws IOException {
        if (fault instanceof Latency latency && covers(latency.direction(), way)) {
            return latency.distribution() == Latency.Distribution.UNIFORM
                    ? Optional.of(toxics.latency(name, way, latency.delay().toMillis()))
                    : Optional.empty();
        }
        if (fault instanceof Bandwidth bandwidth && covers(bandwidth.direction(), way)) {
            return Optional.of(toxics.bandwidth(name, way, bandwidth.rate().bytesPerSecond() / 1_000));
        }
        if (fault instanceof Blackhole blackhole && covers(blackhole.direction(), way)) {
            return Optional.of(toxics.timeout(name, way, blackhole.timeout().toMillis()));
        }
        if (fault instanceof ResetPeer reset && covers(reset.direction(), way)) {
            return Optional.of(toxics.resetPeer(name, way, reset.delay().toMillis()));
        }
        if (fault instanceof Slice slice && covers(slice.direction(), way)) {
            return Optional.of(
                    toxics.slicer(name, way, slice.size(), slice.delay().toNanos() / 1_000));
        }
        if (fault instanceof LimitData limit && covers(limit.direction(), way)) {
            return Optional.of(toxics.limitData(name, way, limit.bytes()));
        }
        if (fault instanceof SlowClose slow && covers(slow.direction(), way)) {
            return Optional.of(toxics.slowClose(name, way, slow.delay().toMillis()));
        }
        return Optional.empty();
    }

    private static boolean covers(Direction direction, ToxicDirection way) {
        return way == ToxicDirection.UPSTREAM ? direction.coversUpstream() : direction.coversDownstream();
    }
}
