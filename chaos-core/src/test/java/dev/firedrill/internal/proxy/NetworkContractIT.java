package dev.firedrill.internal.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault of the network by both engines and by the real Toxiproxy itself: same cause, same effect, or a clear refusal. {@code
 * docs/network-contract.md} is made of it.
 */
@Tag("docker")
class NetworkContractIT {

    private static final Path PAGE = Path.of(System.getProperty("basedir", "."))
            .toAbsolutePath()
            .getParent()
            .resolve("docs/network-contract.md");

    private static final String EMBEDDED = "embedded";
    private static final String TOXIPROXY = "toxiproxy";
    private static final String BARE = "Toxiproxy itself";
    private static final List<String> CULPRITS = List.of(EMBEDDED, TOXIPROXY, BARE);
    private static final List<String> SITUATIONS =
            List.of(Witness.NEW, Witness.OPEN, Witness.IN_FLIGHT, Witness.HEALING);

    /** Why {@code chaos.engine=toxiproxy} does not make a fault. */
    private static final Map<String, String> REFUSALS = new TreeMap<>(Map.of(
            "latency, normal",
            "its jitter is uniform, never NORMAL",
            "reset-peer",
            "its reset_peer ends the connections that are open already in good order instead of by RST",
            "refuse",
            "it can only stop listening, which cuts the connections that are open already"));

    private static final String NO_ORDER =
            "its toxics stand in the order in which they begin, for replies as for requests, so that it can't keep that of ";

    private static final String TOGETHER = ", in one experiment";

    static {
        for (String how : List.of("", TOGETHER)) {
            REFUSALS.put(
                    "blackhole, then limit-data of 0, of replies" + how,
                    NO_ORDER + "blackhole and limit-data on test->kv");
            REFUSALS.put(
                    "limit-data of 0, then blackhole, of replies" + how,
                    NO_ORDER + "limit-data and blackhole on test->kv");
        }
        Stream.of("slow-connect", "disconnect", "half-open", "packet-loss", "corrupt", "drop-message", "duplicate")
                .forEach(name -> REFUSALS.put(name, "it has no toxic for " + name));
        Stream.of("reorder", "delay-message").forEach(name -> REFUSALS.put(name, "it has no toxic for " + name));
    }

    /** Where others do not do what the embedded proxy does, and why that is so. */
    private record Difference(String row, List<String> situations, List<String> of, String reason) {

        private static final String CLOSES_ALL =
                "It can't tell which connections have lost bytes, and closes all of them;"
                        + " ours resets those and leaves the others alone.";
        private static final String ITS_ORDER =
                "Its toxics stand in the order in which they were added both for requests and for"
                        + " replies; ours lead from the caller to the service, so that a reply meets them in reverse.";

        private boolean covers(String name, String situation, String culprit) {
            return row.equals(name) && situations.contains(situation) && of.contains(culprit);
        }
    }

    private static final List<String> BOTH_TOXIPROXIES = List.of(TOXIPROXY, BARE);

    private static final List<Difference> DIFFERENCES = List.of(
            new Difference("blackhole", List.of(Witness.HEALING), BOTH_TOXIPROXIES, Difference.CLOSES_ALL),
            new Difference("blackhole, time-out", List.of(Witness.HEALING), BOTH_TOXIPROXIES, Difference.CLOSES_ALL),
            new Difference(
                    "reset-peer",
                    List.of(Witness.OPEN, Witness.IN_FLIGHT),
                    List.of(BARE),
                    "It prepares the reset when a connection is made: one that is open already ends in good order."),
            new Difference(
                    "reset-peer",
                    List.of(Witness.HEALING),
                    List.of(BARE),
                    "It swallows what comes until its delay is over, and closes; ours lets it pass, so that whoever is"
                            + " answered before goes on when the fault is healed before."),
            new Difference(
                    "blackhole, then limit-data of 0, of replies",
                    List.of(Witness.NEW),
                    List.of(BARE),
                    Difference.ITS_ORDER),
            new Difference(
                    "limit-data of 0, then blackhole, of replies",
                    List.of(Witness.NEW),
                    List.of(BARE),
                    Difference.ITS_ORDER),
            new Difference(
                    NodeOverLink.HELD,
                    List.of(Witness.NEW, Witness.OPEN),
                    List.of(TOXIPROXY),
                    "By hand, for an experiment refuses it: the latency holds the reply before it comes to the embedded proxy, which withholds it and kills: that"
                            + " happens when the latency lets go."));

    /** By row and culprit, what is seen in each situation. */
    private static final Map<String, Map<String, String>> SEEN = new ConcurrentHashMap<>();

    private static LocalToxiproxy toxiproxy;

    // ---- looking

    @BeforeAll
    static void look(@TempDir Path home) throws Exception {
        toxiproxy = LocalToxiproxy.start();
        List<Background<Boolean>> looks = new ArrayList<>();
        for (String name : CULPRITS) {
            looks.add(Background.run(() -> look(name, home.resolve(name))));
        }
        for (Background<Boolean> each : looks) {
            each.result(Duration.ofMinutes(3));
        }
    }

    @AfterAll
    static void endToxiproxy() {
        toxiproxy.close();
    }

    private static void look(String name, Path home) throws Exception {
        try (Teller teller = new Teller();
                Culprit culprit = culprit(name, home, teller.port())) {
            Witness witness = new Witness(culprit, teller);
            for (Cause cause : Cause.ALL) {
                SEEN.put(cause.name() + " by " + name, witness.see(cause));
            }
            for (Cause.Several several : Cause.SEVERAL) {
                SEEN.put(several.name() + " by " + name, witness.see(several));
                SEEN.put(several.name() + TOGETHER + " by " + name, witness.seeTogether(several));
            }
        }
        if (!name.equals(BARE)) {
            try (NodeOverLink nodes = new NodeOverLink(home.resolve("nodes"), settings(name))) {
                nodes.see().forEach((both, seen) -> SEEN.put(both + " by " + name, seen));
            }
        }
    }

    private static Culprit culprit(String name, Path home, int port) throws IOException {
        return name.equals(BARE)
                ? Culprit.theirs(toxiproxy.port(), port)
                : Culprit.ours(home.resolve("links"), settings(name), port);
    }

    private static Map<String, String> settings(String name) {
        return name.equals(EMBEDDED)
                ? Map.of("chaos.engine", EMBEDDED)
                : Map.of("chaos.engine", TOXIPROXY, "chaos.toxiproxy", "127.0.0.1:" + toxiproxy.port());
    }

    private static Map<String, String> seen(String row, String culprit) {
        return SEEN.getOrDefault(row + " by " + culprit, Map.of());
    }

    // ---- judging

    static List<String> rows() {
        return Stream.of(faults(), several(), NodeOverLink.NAMES)
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> faults() {
        return Cause.ALL.stream().map(Cause::name).toList();
    }

    private static List<String> several() {
        return Stream.of("", TOGETHER)
                .flatMap(how -> Cause.SEVERAL.stream().map(each -> each.name() + how))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void the_same_cause_has_the_same_effect_whoever_makes_it(String row) {
        Map<String, String> expected = seen(row, EMBEDDED);
        assertThat(expected).isNotEmpty().doesNotContainKey(Culprit.REFUSED);
        for (String culprit : BOTH_TOXIPROXIES) {
            seen(row, culprit).forEach((situation, word) -> {
                if (situation.equals(Culprit.REFUSED)) {
                    return; // with the right reason, says another test
                }
                String what = row + ", " + situation + ", by " + culprit;
                if (DIFFERENCES.stream().anyMatch(each -> each.covers(row, situation, culprit))) {
                    assertThat(word)
                            .as(what + ": a difference is named that is none")
                            .isNotEqualTo(expected.get(situation));
                } else {
                    assertThat(word).as(what).isEqualTo(expected.get(situation));
                }
            });
        }
    }

    @Test
    void what_toxiproxy_can_not_do_is_refused_with_the_reason() {
        Map<String, String> refused = new TreeMap<>();
        for (String fault : rows()) {
            String reason = seen(fault, TOXIPROXY).get(Culprit.REFUSED);
            if (reason != null) {
                refused.put(fault, reason);
            }
        }
        assertThat(refused).isEqualTo(REFUSALS);
    }

    @Test
    void what_has_a_toxic_is_made_unless_the_toxic_does_something_else() {
        List<String> without =
                faults().stream().filter(fault -> seen(fault, BARE).isEmpty()).toList();
        assertThat(without)
                .containsExactlyInAnyOrderElementsOf(REFUSALS.keySet().stream()
                        .filter(fault ->
                                !fault.equals("reset-peer") && !several().contains(fault))
                        .toList());
    }

    // ---- telling

    @Test
    void the_page_tells_what_is_seen() throws IOException {
        if ("write".equals(System.getProperty("firedrill.docs"))) {
            Files.writeString(PAGE, page());
        }
        List<String> told = Files.exists(PAGE) ? Files.readAllLines(PAGE) : List.of();
        assertThat(page().lines().toList())
                .as("docs/network-contract.md is not what was seen; if the new behaviour is right, run again with"
                        + " -Dfiredrill.docs=write and commit the page")
                .containsExactlyElementsOf(told);
    }

    private static String page() {
        return """
                # The contract of the network faults

                Made by `NetworkContractIT`, which does each of these to a server of numbered lines by `chaos.engine=embedded`, by \
                `chaos.engine=toxiproxy`, and by the real Toxiproxy driven by its own API, and looks at the bytes and ends that arrive. \
                The same cause has the same effect whoever makes it, or is refused; what differs is named below. Write it anew with \
                `-Dfiredrill.docs=write`.

                - **new**: a connection that is made under the fault, asks, and lets the service end it.
                - **open**: the same on one that was open before.
                - **in flight**: a reply without an end, of which some bytes are under way when the fault begins.
                - **healing**: an open connection that has asked under the fault (of `slow-connect` a new one), which is healed before it \
                is over; *idle* is one that has not asked, where that does not simply go on.

                FIN is an end in good order, RST a reset, both as the caller sees them; the service's end is named where it sees another. \
                Times are judged by lower bounds only. A dash is what Toxiproxy has no toxic for. The message faults are about single \
                lines of the reply.

                ## One fault

                """
                + table(faults(), CULPRITS)
                + "\n## Several on one link\n\nAs a new connection sees them: injected by hand one after another, or declared by an experiment, which Toxiproxy does not know.\n\n"
                + table(several(), CULPRITS)
                + "\n## A fault of the node over one of the link\n\nThe open connection waits for an answer when a node is killed, and asks when it is dead already or is to be killed before its reply.\n\n"
                + table(NodeOverLink.NAMES, List.of(EMBEDDED, TOXIPROXY))
                + "\n## Where they differ\n\n"
                + differences();
    }

    private static String table(List<String> rows, List<String> culprits) {
        StringBuilder table = new StringBuilder("| fault | ")
                .append(String.join(" | ", culprits))
                .append(" |\n|---|")
                .append("---|".repeat(culprits.size()))
                .append('\n');
        for (String row : rows) {
            table.append("| ").append(row).append(" |");
            for (String culprit : culprits) {
                table.append(' ').append(cell(seen(row, culprit))).append(" |");
            }
            table.append('\n');
        }
        return table.toString();
    }

    private static String cell(Map<String, String> seen) {
        if (seen.isEmpty()) {
            return "-";
        }
        String refused = seen.get(Culprit.REFUSED);
        return refused != null
                ? "refused: " + refused
                : SITUATIONS.stream()
                        .filter(seen::containsKey)
                        .map(situation -> situation + ": " + seen.get(situation))
                        .collect(Collectors.joining("<br>"));
    }

    private static String differences() {
        return DIFFERENCES.stream()
                .map(each -> "- **%s** (%s), %s: %s%n"
                        .formatted(
                                each.row(),
                                String.join(", ", each.situations()),
                                String.join(" and ", each.of()),
                                each.reason()))
                .collect(Collectors.joining());
    }
}
