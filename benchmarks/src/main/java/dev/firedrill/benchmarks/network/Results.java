package dev.firedrill.benchmarks.network;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** What was measured in all rounds: the table has medians, and medians of what the ratio was in each round. */
final class Results {

    private static final int NAME_WIDTH = 50;
    private static final int VALUE_WIDTH = 11;
    private static final int RATIO_WIDTH = 24;

    private final List<String> peers;
    private final Map<Measure, Map<String, List<Double>>> values = new EnumMap<>(Measure.class);

    Results(List<String> peers) {
        this.peers = peers;
    }

    void add(Measure measure, Peer peer, double value) {
        if (!Double.isNaN(value)) {
            values.computeIfAbsent(measure, m -> new HashMap<>())
                    .computeIfAbsent(peer.name(), p -> new ArrayList<>())
                    .add(value);
        }
    }

    private List<Double> rounds(Measure measure, String peer) {
        return values.getOrDefault(measure, Map.of()).getOrDefault(peer, List.of());
    }

    private static double median(List<Double> all) {
        List<Double> sorted = all.stream().sorted().toList();
        int middle = sorted.size() / 2;
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Both of a round met about the same machine. */
    private double ratio(Measure measure, String peer) {
        List<Double> ours = rounds(measure, Peer.EMBEDDED);
        List<Double> theirs = rounds(measure, peer);
        return median(IntStream.range(0, Math.min(ours.size(), theirs.size()))
                .mapToObj(round -> ours.get(round) / theirs.get(round))
                .toList());
    }

    void print(PrintStream out) {
        List<String> others = peers.stream()
                .filter(peer -> peer.equals(Peer.TOXIPROXY) || peer.equals(Peer.HAPROXY))
                .toList();
        StringBuilder head = new StringBuilder(left("", NAME_WIDTH));
        peers.forEach(peer -> head.append(right(peer, VALUE_WIDTH)));
        others.forEach(peer -> head.append(right("to " + peer + " (goal)", RATIO_WIDTH)));
        out.println(head);
        for (Measure measure : values.keySet()) {
            StringBuilder line = new StringBuilder(left(measure.text(), NAME_WIDTH));
            peers.forEach(peer -> line.append(right(value(measure, peer), VALUE_WIDTH)));
            others.forEach(peer -> line.append(right(compared(measure, peer), RATIO_WIDTH)));
            out.println(line);
        }
        out.println(goals(others));
    }

    private String goals(List<String> others) {
        int met = 0;
        int all = 0;
        for (Measure measure : values.keySet()) {
            for (String peer : others) {
                double ratio = ratio(measure, peer);
                if (!Double.isNaN(ratio) && !Double.isNaN(measure.goal(peer))) {
                    all++;
                    met += measure.isMet(peer, ratio) ? 1 : 0;
                }
            }
        }
        return met + " of " + all + " goals met";
    }

    private String value(Measure measure, String peer) {
        double median = median(rounds(measure, peer));
        return Double.isNaN(median) ? "-" : String.format(Locale.ROOT, "%." + measure.decimals() + "f", median);
    }

    private String compared(Measure measure, String peer) {
        double ratio = ratio(measure, peer);
        double goal = measure.goal(peer);
        if (Double.isNaN(ratio)) {
            return "-";
        }
        String text = String.format(Locale.ROOT, "%.2f x", ratio);
        if (Double.isNaN(goal)) {
            return text + " (none)       ";
        }
        return text
                + String.format(
                        Locale.ROOT,
                        " (%s %.2f) %s",
                        measure.moreIsBetter() ? ">=" : "<=",
                        goal,
                        measure.isMet(peer, ratio) ? "  " : "NO");
    }

    private static String left(String text, int width) {
        return String.format("%-" + width + "s", text);
    }

    private static String right(String text, int width) {
        return String.format("%" + width + "s", text);
    }

    /** With every single value, for whoever doubts a median. */
    void write(Path file, Map<String, String> about) throws IOException {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode root = mapper.createObjectNode();
        about.forEach(root::put);
        ObjectNode measures = root.putObject("measures");
        values.forEach((measure, byPeer) -> {
            ObjectNode one = measures.putObject(measure.text());
            for (String peer : peers) {
                if (byPeer.containsKey(peer)) {
                    ObjectNode of = one.putObject(peer);
                    of.put("median", median(byPeer.get(peer)));
                    if (!peer.equals(Peer.EMBEDDED)) {
                        of.put("ratio", ratio(measure, peer));
                    }
                    byPeer.get(peer).forEach(of.withArray("rounds")::add);
                }
            }
        });
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, mapper.writeValueAsString(root) + "\n");
    }
}
