package dev.firedrill.benchmarks.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Measures each peer in turn, in another order each round. */
public final class NetworkMain {

    private static final int MANY = 100;
    private static final int FAULTS = 5;
    private static final int DELAY_MILLIS = 50;
    private static final int IDLE = 4_000;
    private static final int IDLE_ROUNDS = 3;
    private static final long WARM_UP_MILLIS = 1_500;
    private static final long WARM_UP_OF_FEW_MILLIS = 3_000; // 2,000 exchanges a second instead of 60,000
    private static final long MILLIS = 1_000;
    private static final Path LOAD = Path.of("/proc/loadavg");

    private final Setting setting;
    private final List<Peer> peers;
    private final Results results;

    private NetworkMain(Setting setting) {
        this.setting = setting;
        this.peers = peers(setting);
        this.results = new Results(peers.stream().map(Peer::name).toList());
    }

    private static List<Peer> peers(Setting setting) {
        List<Peer> peers = new ArrayList<>();
        peers.add(new Peer(Peer.DIRECT, false, false, StraightWay::new));
        peers.add(new Peer(Peer.EMBEDDED, true, true, servers -> new EmbeddedWay(setting, servers)));
        Path toxiproxy = setting.toxiproxy();
        if (toxiproxy != null) {
            peers.add(new Peer(
                    Peer.TOXIPROXY, true, true, servers -> new ToxiproxyWay(setting, toxiproxy.toString(), servers)));
        }
        Path haproxy = setting.haproxy();
        if (haproxy != null) {
            peers.add(new Peer(
                    Peer.HAPROXY, true, false, servers -> new HaproxyWay(setting, haproxy.toString(), servers)));
        }
        return peers;
    }

    /**
     * Runs the comparison.
     *
     * @param arguments pairs of a name and a value, as {@code scripts/bench} gives them
     * @throws Exception if a peer can't be started or breaks
     */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> given = new LinkedHashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            given.put(arguments[i], arguments[i + 1]);
        }
        Setting setting = new Setting(
                Path.of(given.getOrDefault("--work", ".")),
                Integer.parseInt(given.getOrDefault("--rounds", "5")),
                Long.parseLong(given.getOrDefault("--millis", String.valueOf(MILLIS))),
                Integer.parseInt(given.getOrDefault("--ticks", "100")),
                path(given.get("--toxiproxy")),
                path(given.get("--haproxy")),
                path(given.get("--out")),
                given.getOrDefault("--command", ""));
        NetworkMain main = new NetworkMain(setting);
        String load = load();
        main.run();
        load = load + " before, " + load() + " after";
        main.results.print(System.out);
        System.out.println("load average " + load + "; the fewer others use the machine, the more the figures say");
        Path out = setting.out();
        if (out != null) {
            Map<String, String> about = new LinkedHashMap<>();
            about.put("command", setting.command());
            about.put("machine", given.getOrDefault("--machine", ""));
            about.put(
                    "jdk", System.getProperty("java.runtime.name") + " " + System.getProperty("java.runtime.version"));
            about.put("date", LocalDate.now(ZoneOffset.UTC).toString());
            about.put("rounds", setting.rounds() + " of " + setting.millis() + " ms");
            about.put("load average", load);
            about.put("peers", given.getOrDefault("--peers", ""));
            main.results.write(out, about);
        }
    }

    /** Of the last minute: how many others there were. */
    private static String load() throws IOException {
        return Files.readString(LOAD).split(" ", -1)[0];
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null || text.isEmpty() ? null : Path.of(text);
    }

    private void run() throws IOException, InterruptedException {
        Map<Peer, Way> ways = new LinkedHashMap<>();
        try (Servers servers = new Servers()) {
            Load load = new Load(servers);
            for (Peer peer : peers) {
                ways.put(peer, peer.start(servers));
            }
            progress("warming up");
            warmUp(load, ways);
            for (int round = 0; round < setting.rounds(); round++) {
                progress("round " + (round + 1) + " of " + setting.rounds());
                round(load, ways, order(round));
            }
            ways.values().forEach(Way::close);
            for (int round = 0; round < Math.min(IDLE_ROUNDS, setting.rounds()); round++) {
                progress("memory, round " + (round + 1));
                memory(load, servers, order(round));
            }
        } finally {
            ways.values().forEach(Way::close);
        }
    }

    private static void progress(String what) {
        System.err.println(what);
    }

    private List<Peer> order(int round) {
        List<Peer> order = new ArrayList<>(peers);
        Collections.rotate(order, round);
        return order;
    }

    private void warmUp(Load load, Map<Peer, Way> ways) throws IOException, InterruptedException {
        for (Map.Entry<Peer, Way> each : ways.entrySet()) {
            Way way = each.getValue();
            load.bulk(way, WARM_UP_MILLIS);
            load.one(way, WARM_UP_MILLIS);
            load.many(way, MANY, WARM_UP_MILLIS, 0);
            if (each.getKey().makesFaults()) {
                way.slow(FAULTS, 0, true);
                load.bulk(way, MILLIS);
                load.many(way, MANY, MILLIS, 0);
                way.heal();
                way.slow(1, DELAY_MILLIS, false);
                load.many(way, MANY, WARM_UP_OF_FEW_MILLIS, DELAY_MILLIS);
                way.heal();
            }
        }
    }

    /** Measure by measure and not peer by peer, so that all of a measure meet the same machine. */
    private void round(Load load, Map<Peer, Way> ways, List<Peer> order) throws IOException, InterruptedException {
        for (Peer peer : order) {
            Load.Bulk bulk = load.bulk(ways.get(peer), setting.millis());
            results.add(Measure.BULK, peer, bulk.gigabytesPerSecond());
            results.add(Measure.BULK_CPU, peer, bulk.cpuMillisPerGigabyte());
        }
        for (Peer peer : order) {
            Load.Echo echo = load.one(ways.get(peer), setting.millis());
            results.add(Measure.ONE_P50, peer, echo.p50());
            results.add(Measure.ONE_RATE, peer, echo.perSecond());
            results.add(Measure.ONE_CPU, peer, echo.cpuMicros());
        }
        for (Peer peer : order) {
            Load.Echo echo = load.many(ways.get(peer), MANY, setting.millis(), 0);
            results.add(Measure.MANY_P50, peer, echo.p50());
            results.add(Measure.MANY_RATE, peer, echo.perSecond());
            results.add(Measure.MANY_CPU, peer, echo.cpuMicros());
            results.add(Measure.ALLOCATED, peer, echo.allocatedBytes());
        }
        for (Peer peer : order) {
            if (peer.makesFaults()) {
                faults(load, peer, ways.get(peer));
            }
        }
        for (Peer peer : order) {
            if (peer.makesFaults()) {
                delay(load, peer, ways.get(peer));
            }
        }
    }

    private void faults(Load load, Peer peer, Way way) throws IOException, InterruptedException {
        way.slow(FAULTS, 0, true);
        results.add(Measure.FAULTS_BULK, peer, load.bulk(way, setting.millis()).gigabytesPerSecond());
        Load.Echo echo = load.many(way, MANY, setting.millis(), 0);
        results.add(Measure.FAULTS_RATE, peer, echo.perSecond());
        results.add(Measure.FAULTS_CPU, peer, echo.cpuMicros());
        way.heal();
    }

    private void delay(Load load, Peer peer, Way way) throws IOException {
        way.slow(1, DELAY_MILLIS, false);
        results.add(Measure.DELAY_ONE, peer, load.one(way, setting.millis()).p50() - DELAY_MILLIS * 1_000);
        results.add(
                Measure.DELAY_MANY,
                peer,
                load.many(way, MANY, 2 * setting.millis(), DELAY_MILLIS).p99() - DELAY_MILLIS * 1_000);
        way.heal();
    }

    /** In processes that have done nothing else yet. */
    private void memory(Load load, Servers servers, List<Peer> order) throws IOException, InterruptedException {
        for (Peer peer : order) {
            if (peer.isProxy()) {
                try (Way way = peer.start(servers)) {
                    results.add(Measure.IDLE, peer, load.idle(way, IDLE));
                }
            }
            if (peer.makesFaults()) {
                try (Way way = peer.start(servers)) {
                    way.slow(FAULTS, 0, true);
                    results.add(Measure.FAULTS_IDLE, peer, load.idle(way, IDLE));
                }
            }
        }
    }
}
