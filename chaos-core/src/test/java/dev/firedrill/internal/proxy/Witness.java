package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Fault;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Sign.Holds;
import dev.firedrill.internal.proxy.Teller.Service;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Does one fault after another to the same server, and says in a few fixed words what the caller sees. */
final class Witness {

    static final String NEW = "new";
    static final String OPEN = "open";
    static final String IN_FLIGHT = "in flight";
    static final String HEALING = "healing";

    private static final Answer GREETING = new Answer(0, 1);
    private static final Answer SMALL = new Answer(100, 40);

    /** So much that a slow one is known from a released one. */
    private static final Answer LARGE = new Answer(100, 4_000);

    private static final Answer NEXT = new Answer(4_100, 4_000);

    /** The number of its last line, which tells that it is whole. */
    static final int LAST_OF_LARGE = LARGE.from + LARGE.count - 1;

    private static final Duration HELD = Duration.ofMillis(200);

    private final Culprit culprit;
    private final Teller teller;

    Witness(Culprit culprit, Teller teller) {
        this.culprit = culprit;
        this.teller = teller;
    }

    /** Some lines. */
    private record Answer(int from, int count) {

        private String text() {
            return Teller.lines(from, count);
        }

        private boolean isWhole(CharSequence text) {
            String last = Teller.line(from + count - 1);
            return text.toString().endsWith(last);
        }
    }

    /** A connection. */
    private record Talk(Peer caller, Optional<Service> service) {}

    /** By situation; empty if the culprit has no such thing. */
    Map<String, String> see(Cause cause) throws Exception {
        Elapsed since = Elapsed.start();
        Talk open = open();
        Talk flowing = open();
        Peer service = flowing.service().orElseThrow().peer();
        Flow flow = Flow.start(flowing.caller(), service, since, cause.onOpen().patience());
        Map<String, String> seen = new LinkedHashMap<>();
        try {
            Optional<Runnable> heal = culprit.begin(cause.fault());
            flow.faultBegan();
            if (heal.isEmpty()) {
                flow.seen(Sign.NONE);
                return seen;
            }
            Background<String> onOpen = Background.call(() -> talk(open, since, cause.onOpen()));
            seen.put(NEW, onNew(cause.sign()));
            seen.put(OPEN, onOpen.result(Peer.PATIENCE.multipliedBy(3)));
            seen.put(IN_FLIGHT, flow.seen(cause.onOpen()));
            heal.get().run();
        } catch (IllegalArgumentException e) {
            return Map.of(Culprit.REFUSED, Culprit.reason(e));
        } finally {
            open.caller().close();
            flowing.caller().close();
        }
        seen.put(HEALING, healing(cause));
        return seen;
    }

    /** What a new connection sees of several faults that began one after another. */
    Map<String, String> see(Cause.Several several) throws Exception {
        open().caller().close();
        Deque<Runnable> heals = new ArrayDeque<>();
        try {
            for (Fault fault : several.faults()) {
                culprit.begin(fault).ifPresent(heals::push);
            }
            return Map.of(NEW, onNew(several.sign()));
        } catch (IllegalArgumentException e) {
            return Map.of(Culprit.REFUSED, Culprit.reason(e));
        } finally {
            heals.forEach(Runnable::run);
        }
    }

    /** The same of an experiment with all of them; empty if the culprit has no such thing. */
    Map<String, String> seeTogether(Cause.Several several) throws Exception {
        open().caller().close();
        try {
            Optional<String> seen = culprit.together(several.faults(), () -> onNew(several.sign()));
            return seen.map(word -> Map.of(NEW, word)).orElse(Map.of());
        } catch (IllegalArgumentException e) {
            return Map.of(Culprit.REFUSED, Culprit.reason(e));
        }
    }

    // ---- while the fault is in force

    private Talk open() throws Exception {
        teller.forget();
        Peer caller = Peer.connect(culprit.address());
        Heard answer = ask(caller, GREETING, Elapsed.start(), Peer.PATIENCE);
        if (!GREETING.isWhole(answer.text())) {
            throw new AssertionError("without a fault nothing passes: " + answer);
        }
        return new Talk(caller, teller.next(Peer.PATIENCE));
    }

    private static Heard ask(Peer caller, Answer answer, Elapsed since, Duration patience) throws IOException {
        return ask(caller, answer, since, patience, answer::isWhole);
    }

    private static Heard ask(
            Peer caller, Answer answer, Elapsed since, Duration patience, Predicate<StringBuilder> enough)
            throws IOException {
        Optional<Ending> failed = Heard.say(caller, "ask " + answer.from + " " + answer.count);
        return failed.isPresent() ? new Heard("", 0, since.time(), failed) : Heard.of(caller, since, patience, enough);
    }

    private String onNew(Sign sign) throws Exception {
        Elapsed since = Elapsed.start();
        try (Peer caller = Peer.connect(culprit.address())) {
            return talk(new Talk(caller, Optional.empty()), since, sign);
        } catch (SocketException e) {
            return Heard.ending(e).name();
        }
    }

    /** Asks, and lets the service end the connection. */
    private String talk(Talk talk, Elapsed since, Sign sign) throws Exception {
        Heard answer = ask(talk.caller(), SMALL, since, sign.patience());
        Optional<Service> service =
                talk.service().isPresent() ? talk.service() : teller.next(HELD); // nobody, if it was turned away
        return SMALL.isWhole(answer.text()) ? whole(talk.caller(), answer, sign) : partial(answer, service, sign);
    }

    private static String whole(Peer caller, Heard answer, Sign sign) throws IOException {
        Elapsed since = Elapsed.start();
        Heard.say(caller, "bye");
        Heard end = Heard.of(caller, since, Peer.PATIENCE, text -> false);
        if (!end.end().equals(Optional.of(Ending.FIN))) {
            return name(end.end()) + " for an end";
        }
        String change = answer.change(SMALL.from);
        return change.isEmpty() ? sign.of(answer.time(), answer.pieces(), end.time()) : change;
    }

    private static String partial(Heard answer, Optional<Service> service, Sign sign) throws Exception {
        String part = answer.text().isEmpty() ? "" : answer.text().length() + " bytes, then ";
        String here = sign.closesLate(answer) ? sign.word : part + name(answer.end());
        if (service.isEmpty()) {
            return here;
        }
        Optional<Ending> there = service.get().ending(answer.end().isPresent() ? Peer.PATIENCE : HELD);
        return here + (there.equals(answer.end()) ? "" : "; at the service " + name(there));
    }

    private static String name(Optional<Ending> end) {
        return end.map(Ending::name).orElse(Sign.SILENCE);
    }

    // ---- healing

    private String healing(Cause cause) throws Exception {
        Talk idle = open();
        Talk open = open();
        Runnable heal = culprit.begin(cause.lasting()).orElseThrow();
        try (Peer caller = cause.isOfNewOnly() ? Peer.connect(culprit.address()) : open.caller()) {
            String seen = afterHealing(caller, cause.sign().holds, heal);
            return seen
                    + unlessItGoesOn("; idle: ", talk(idle, Elapsed.start(), Sign.NONE))
                    + unlessItGoesOn("; new: ", onNew(Sign.NONE));
        } finally {
            idle.caller().close();
            open.caller().close();
        }
    }

    private static String unlessItGoesOn(String who, String seen) {
        return seen.equals(Sign.GOES_ON) ? "" : who + seen;
    }

    private static String afterHealing(Peer caller, Holds holds, Runnable heal) throws IOException {
        Elapsed since = Elapsed.start();
        Heard before = holds == Holds.ANSWER
                ? ask(
                        caller,
                        LARGE,
                        since,
                        HELD,
                        text -> LARGE.isWhole(text) || since.time().compareTo(HELD) > 0)
                : ask(caller, LARGE, since, Peer.PATIENCE);
        if (before.end().isPresent()) {
            heal.run();
            return name(before.end()) + " before";
        }
        if (holds == Holds.END) {
            Heard.say(caller, "bye");
            boolean held = caller.isQuietFor(HELD);
            heal.run();
            Heard end = Heard.of(caller, Elapsed.start(), Peer.PATIENCE, text -> false);
            return held && end.end().isPresent() ? "released, " + name(end.end()) : "not held";
        }
        heal.run();
        Heard after = ask(caller, NEXT, Elapsed.start(), Peer.PATIENCE);
        if (after.end().isPresent()) {
            return name(after.end());
        }
        if (after.isLater(Peer.PATIENCE)) {
            return "slow all the same";
        }
        if (LARGE.isWhole(before.text())) {
            return after.text().equals(NEXT.text()) ? Sign.GOES_ON : "goes on, but not whole";
        }
        String all = before.text() + after.text();
        return all.equals(LARGE.text() + NEXT.text()) ? "released, nothing lost" : "goes on, but something is lost";
    }
}
