package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.awaitility.Awaitility.await;

import dev.firedrill.Chaos;
import dev.firedrill.LineProcess;
import dev.firedrill.Link;
import dev.firedrill.Node;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.KillBeforeReply;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Messages;
import dev.firedrill.fault.Pause;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.spi.ActiveFault;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A fault of a node and one of the link that leads to it, at the same time. */
final class NodeOverLink implements AutoCloseable {

    /** What happens, one after the other, and whether the open connection asks in between. */
    private record Both(String name, Fault first, Fault second, boolean asksBetween) {

        /** What may well be silent is not waited for that long. */
        private Duration patience() {
            return name.equals(HELD) ? Sign.SILENT_OR_ENDS.patience() : Peer.PATIENCE;
        }
    }

    private static final Duration A_WHILE = ofMillis(700);
    private static final Latency LATENCY = new Latency(ofSeconds(60));
    static final String HELD = "kill-before-reply over latency of 60 s";
    private static final String PAUSE = "pause over latency";
    private static final String ANSWER = "pong hello\n";

    private static final List<Both> BOTH = List.of(
            new Both("kill over latency", LATENCY, new Kill(), true),
            new Both("kill over bandwidth 0", new Bandwidth(new DataRate(0)), new Kill(), true),
            new Both("kill over blackhole", new Blackhole(), new Kill(), true),
            new Both("latency over kill", new Kill(), LATENCY, false),
            new Both("kill-before-reply over latency", new Latency(Sign.DELAY), killBeforeReply(), false),
            new Both(HELD, LATENCY, killBeforeReply(), false));

    static final List<String> NAMES =
            Stream.concat(BOTH.stream().map(Both::name), Stream.of(PAUSE)).toList();

    private final Chaos chaos;
    private final Service lines;

    NodeOverLink(Path home, Map<String, String> settings) {
        chaos = Chaos.builder().home(home).reports(null).settings(settings::get).start();
        lines = chaos.service("lines", LineProcess.spec());
    }

    private static KillBeforeReply killBeforeReply() {
        return new KillBeforeReply(Messages.ALL.framed("line"));
    }

    /** What a caller sees of each, by situation. */
    Map<String, Map<String, String>> see() throws IOException {
        Map<String, Map<String, String>> seen = new HashMap<>();
        for (Both both : BOTH) {
            seen.put(both.name(), see(both));
        }
        seen.put(PAUSE, Map.of(Witness.NEW, pause()));
        return seen;
    }

    private Peer open() throws IOException {
        await().until(() -> lines.nodes().get(0).state() == Node.State.READY);
        Peer caller = Peer.connect(lines.address());
        if (!answer(caller, Peer.PATIENCE).equals("answer")) {
            throw new AssertionError("without a fault nothing passes");
        }
        return caller;
    }

    private Map<String, String> see(Both both) throws IOException {
        try (Peer caller = open()) {
            ActiveFault one = chaos.inject(both.first(), Target.of(lines));
            Optional<Ending> failed = both.asksBetween() ? ask(caller) : Optional.empty();
            ActiveFault other = chaos.inject(both.second(), Target.of(lines));
            String onOpen = both.asksBetween() ? end(caller, failed, both.patience()) : answer(caller, both.patience());
            String onNew = onNew(both.patience());
            other.heal();
            one.heal();
            return Map.of(Witness.OPEN, onOpen, Witness.NEW, onNew);
        }
    }

    /** The fault of the link is healed first, and the node still says nothing. */
    private String pause() throws IOException {
        open().close();
        ActiveFault slow = chaos.inject(LATENCY, Target.of(lines));
        ActiveFault pause = chaos.inject(new Pause(), Target.of(lines));
        try (Peer caller = Peer.connect(lines.address())) {
            caller.send("hello\n");
            slow.heal();
            boolean silent = caller.isQuietFor(A_WHILE);
            pause.heal();
            String then = caller.receive(ANSWER.length()).equals(ANSWER) ? "answer" : "something else";
            return (silent ? Sign.SILENCE : "something comes") + " until the pause is healed, then: " + then;
        }
    }

    /** Who has been heard asks, whatever becomes of the node; who has not yet may be taken for idle. */
    private Optional<Ending> ask(Peer caller) throws IOException {
        Link link = lines.link(Link.TEST, lines.ports().get(0));
        long before = link.traffic().upstream();
        Optional<Ending> failed = Heard.say(caller, "hello");
        await().until(() -> link.traffic().upstream() > before);
        return failed;
    }

    private String onNew(Duration patience) throws IOException {
        try (Peer caller = Peer.connect(lines.address())) {
            return answer(caller, patience);
        } catch (SocketException e) {
            return Heard.ending(e).name();
        }
    }

    private static String answer(Peer caller, Duration patience) throws IOException {
        return end(caller, Heard.say(caller, "hello"), patience);
    }

    private static String end(Peer caller, Optional<Ending> failed, Duration patience) throws IOException {
        if (failed.isPresent()) {
            return failed.get().name();
        }
        Heard heard = Heard.of(caller, Elapsed.start(), patience, text -> text.indexOf("\n") >= 0);
        return heard.end().map(Ending::name).orElse(heard.text().equals(ANSWER) ? "answer" : Sign.SILENCE);
    }

    @Override
    public void close() {
        chaos.close();
    }
}
