package dev.firedrill.internal.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.firedrill.fault.Corrupt;
import dev.firedrill.fault.Corrupt.How;
import dev.firedrill.fault.DelayMessage;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.DropMessage;
import dev.firedrill.fault.Duplicate;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Messages;
import dev.firedrill.fault.Reorder;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of single messages, on the wire. */
class MessageFaultTests {

    private static final Messages ALL = Messages.ALL;
    private static final Messages LINES = ALL.framed("line");

    @RegisterExtension
    final Rig rig = new Rig();

    private static String set(String value) {
        return "*3\r\n$3\r\nSET\r\n$4\r\ncart\r\n$" + value.length() + "\r\n" + value + "\r\n";
    }

    private static void carries(Route route, String sent, String received) throws IOException {
        route.caller().send(sent);
        assertThat(route.service().receive(received.length())).isEqualTo(received);
        assertThat(route.service().isQuietFor(ofMillis(50))).as("nothing more").isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void one_message_is_dropped_and_its_neighbours_are_not(boolean openBefore) throws IOException {
        Route route = openBefore ? rig.connect() : null;
        if (openBefore) {
            carries(route, set("before"), set("before"));
        }
        Injected drop = rig.inject(new DropMessage(ALL.command("set").matching("poison")));
        Route used = openBefore ? route : rig.connect();
        carries(used, set("one") + set("poison") + set("two"), set("one") + set("two"));
        assertThat(drop.effects().ofTest()).isEqualTo(1);

        drop.heal();
        carries(used, set("poison"), set("poison"));
    }

    @Test
    void one_message_is_delivered_twice() throws IOException {
        Injected twice =
                rig.inject("1-twice", new Duplicate(ALL), Schedule.now().nth(2));
        carries(rig.connect(), set("a") + set("b") + set("c"), set("a") + set("b") + set("b") + set("c"));
        assertThat(twice.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void one_message_is_overtaken() throws IOException {
        Injected reorder = rig.inject(
                "1-reorder", new Reorder(ofSeconds(10), ALL), Schedule.now().nth(1));
        Route route = rig.connect();
        route.caller().send(set("a"));
        assertThat(route.service().isQuietFor(ofMillis(50))).isTrue();
        assertThat(reorder.effects().all()).isZero();
        carries(route, set("b") + set("c"), set("b") + set("a") + set("c"));
        assertThat(reorder.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void a_message_without_a_next_one_keeps_its_place_and_is_no_effect() throws IOException {
        Injected reorder = rig.inject(new Reorder(ofMillis(100), ALL));
        carries(rig.connect(), set("a"), set("a"));
        assertThat(reorder.effects().all()).isZero();
    }

    @Test
    void what_is_behind_a_late_message_waits_for_it() throws IOException {
        Injected late = rig.inject("1-late", new DelayMessage(ofMillis(300), ALL.matching("slow")), Schedule.now());
        Route route = rig.connect();
        carries(route, set("a"), set("a"));
        Elapsed elapsed = Elapsed.start();
        carries(route, set("slow") + set("b"), set("slow") + set("b"));
        assertThat(elapsed.time()).isGreaterThanOrEqualTo(ofMillis(300));
        assertThat(late.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void healing_lets_go_of_a_late_message_and_of_half_a_message() throws IOException {
        Injected late = rig.inject(new DelayMessage(ofSeconds(100), ALL));
        Route route = rig.connect();
        rig.sendAlone(route, Direction.UPSTREAM, set("a") + set("b").substring(0, 7));
        late.heal();
        carries(route, set("b").substring(7), set("a") + set("b"));
    }

    @ParameterizedTest
    @EnumSource
    void a_payload_changes_and_the_framing_stays(How how) throws IOException {
        Injected corrupt = rig.inject(new Corrupt(how, ALL.command("SET")));
        Route route = rig.connect();
        route.caller().send(set("three books"));
        String head = route.service().receive("*3\r\n$3\r\nSET\r\n$4\r\ncart\r\n".length());
        assertThat(head).isEqualTo("*3\r\n$3\r\nSET\r\n$4\r\ncart\r\n");
        String length = line(route.service());
        String payload = route.service().receive(Integer.parseInt(length.substring(1)));
        assertThat(payload).isNotEqualTo("three books").matches("[ -~]*");
        assertThat(route.service().receive(2)).isEqualTo("\r\n");
        assertThat(payload.length()).isLessThanOrEqualTo("three books".length());
        assertThat(how == How.TRUNCATE).isEqualTo(payload.length() < "three books".length());
        assertThat(corrupt.effects().ofTest()).isEqualTo(1);
        carries(route, "*1\r\n$4\r\nPING\r\n", "*1\r\n$4\r\nPING\r\n");
        assertThat(corrupt.effects().ofTest()).as("nothing to change").isEqualTo(1);
    }

    private static String line(Peer peer) throws IOException {
        StringBuilder line = new StringBuilder();
        while (!line.toString().endsWith("\r\n")) {
            line.append(peer.receive(1));
        }
        return line.toString().strip();
    }

    private List<String> garbled() throws IOException {
        rig.inject("1-garble", new Corrupt(How.GARBLE, ALL), Schedule.now().probability(0.5));
        Route route = rig.connect();
        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            sent.append(set("value" + (char) ('a' + i)));
        }
        int half = sent.length() / 2 - 3; // how it is read must not matter
        rig.sendAlone(route, Direction.UPSTREAM, sent.substring(0, half));
        route.caller().send(sent.substring(half));
        return List.of(route.service().receive(sent.length()));
    }

    @Test
    void the_same_seed_changes_the_same_messages_in_the_same_way() throws IOException {
        List<String> once = garbled();
        rig.again();
        assertThat(garbled()).isEqualTo(once).doesNotContain(set("valuea") + set("valueb"));
        rig.seed(99);
        rig.again();
        assertThat(garbled()).isNotEqualTo(once);
    }

    @Test
    void replies_are_meant_too() throws IOException {
        Injected drop = rig.inject(new DropMessage(ALL.matching("news"), Direction.DOWNSTREAM));
        Route route = rig.connect();
        carries(route, set("a"), set("a"));
        route.service().send("+OK\r\n>2\r\n+m\r\n$4\r\nnews\r\n+PONG\r\n");
        assertThat(route.caller().receive(12)).isEqualTo("+OK\r\n+PONG\r\n");
        assertThat(drop.effects().ofTest()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello\r\n\r\n", "*x", "\u0016\u0003\u0001hello"})
    void what_is_no_message_passes_unharmed_and_is_said(String junk) throws IOException {
        Injected drop = rig.inject(new DropMessage(ALL, Direction.BOTH));
        Route route = rig.connect();
        carries(route, junk, junk);
        route.service().send("reply");
        assertThat(route.caller().receive(5)).isEqualTo("reply");
        assertThat(drop.effects().all()).isZero();
        assertThat(drop.effects().unread())
                .singleElement()
                .asString()
                .contains("no protocol that is known: it begins with");
    }

    @Test
    void half_a_message_is_not_waited_for_without_end() throws IOException {
        Injected drop = rig.inject(new DropMessage(ALL));
        Route route = rig.connect();
        carriesLate(route, "*1\r\n$4\r\nPI");
        carries(route, "NG\r\n", "NG\r\n");
        assertThat(drop.effects().unread())
                .singleElement()
                .asString()
                .endsWith("could not be read as resp: the rest did not come within 2s; it passed unharmed");
        route.service().send("+OK\r\n");
        assertThat(route.caller().receive(5)).isEqualTo("+OK\r\n");
        route.caller().send(set("a"));
        await().untilAsserted(() ->
                assertThat(drop.effects().ofTest()).as("in step again").isEqualTo(1));
    }

    private static void carriesLate(Route route, String sent) throws IOException {
        route.caller().send(sent);
        assertThat(route.service().receive(sent.length())).isEqualTo(sent);
    }

    @Test
    void a_message_that_is_too_long_passes() throws IOException {
        Injected drop = rig.inject(new DropMessage(LINES));
        String line = "x".repeat((1 << 20) + 1) + "\n";
        Route route = rig.connect();
        Thread sender = new Thread(() -> {
            try {
                route.caller().send(line);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        sender.start();
        assertThat(route.service().receive(line.length())).isEqualTo(line);
        assertThat(drop.effects().all()).isZero();
        assertThat(drop.effects().unread()).singleElement().asString().contains("it is longer than 1048576 bytes");
    }

    /** While the other side speaks, which is no reason to take the middle for a beginning. */
    private void passesWhole(Fault fault, String message, String interjection) throws IOException {
        Injected injected = rig.inject(fault);
        Route route = rig.connect();
        int half = message.length() / 2;
        for (String part : List.of(message.substring(0, half), message.substring(half))) {
            Thread sender = new Thread(() -> {
                try {
                    route.caller().send(part);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            sender.start();
            assertThat(route.service().receive(part.length()).equals(part))
                    .as("all of it")
                    .isTrue();
            route.service().send(interjection);
            assertThat(route.caller().receive(interjection.length())).isEqualTo(interjection);
        }
        assertThat(injected.effects().all()).isZero();
        assertThat(injected.effects().unread()).isNotEmpty();
    }

    private static String block(int length) {
        return new String(ByteBuffer.allocate(4).putInt(length).array(), ISO_8859_1) + "\0".repeat(length);
    }

    @Test
    void a_long_message_is_not_hit_in_its_middle() throws IOException {
        passesWhole(new DropMessage(ALL.framed("length:4")), block(3_000_000), "\0\0\0\2ok");
    }

    @Test
    void a_long_publication_is_not_hit_in_its_middle() throws IOException {
        StringBuilder publication = new StringBuilder("AMQP\0\0\t\1");
        publication.append(frame(1, 1, "\0\74\0\50"));
        publication.append(frame(2, 1, "\0\74\0\0\0\0\0\0" + block(20 * 100_000).substring(0, 4) + "\0\0"));
        for (int i = 0; i < 20; i++) {
            publication.append(frame(3, 1, "x".repeat(100_000)));
        }
        passesWhole(new Duplicate(ALL.command("body")), publication.toString(), frame(1, 2, "\0\74\0\120\0"));
    }

    private static String frame(int type, int channel, String payload) {
        return (char) type + "\0" + (char) channel + block(payload.length()).substring(0, 4) + payload + "\u00ce";
    }

    @Test
    void a_line_that_was_not_waited_for_is_not_hit_in_its_middle() throws IOException {
        Injected drop = rig.inject(new DropMessage(LINES.command("WORLD")));
        Route route = rig.connect();
        carriesLate(route, "set greeting HELLO ");
        route.service().send("news\n");
        assertThat(route.caller().receive(5)).isEqualTo("news\n");
        carries(route, "WORLD\n", "WORLD\n");
        carries(route, "WORLD again\nbye\n", "bye\n");
        assertThat(drop.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void behind_an_upgrade_nobody_waits() {
        rig.inject(new DropMessage(ALL.command("NEVER"), Direction.BOTH));
        assertTimeoutPreemptively(ofSeconds(20), () -> {
            Route route = rig.connect();
            carries(route, "GET /chat HTTP/1.1\r\n\r\n", "GET /chat HTTP/1.1\r\n\r\n");
            String answer = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
            for (int i = 0; i < 20; i++) {
                route.service().send(answer);
                assertThat(route.caller().receive(answer.length())).isEqualTo(answer);
                answer = "hello";
                carries(route, "hello", "hello");
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"POST, UPSTREAM", "POST, BOTH", "500, DOWNSTREAM"})
    void what_is_not_meant_is_not_held(String command, Direction direction) throws IOException {
        Injected drop = rig.inject(new DropMessage(ALL.command(command), direction));
        Route route = rig.connect();
        carries(route, "GET /events HTTP/1.1\r\n\r\n", "GET /events HTTP/1.1\r\n\r\n");
        route.caller().waits(ofSeconds(1)); // less than a message is waited for
        route.service().send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        route.caller().receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".length());
        for (String event : List.of("5\r\nhello\r\n", "5\r\nwo", "rld\r\n", "0\r\n\r\n")) {
            route.service().send(event);
            assertThat(route.caller().receive(event.length())).isEqualTo(event);
        }
        assertThat(drop.effects().all()).isZero();
        assertThat(drop.effects().unread()).isEmpty();
        String meant = "HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno";
        carries(route, "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\n\r\n");
        route.service().send(meant);
        if (direction == Direction.DOWNSTREAM) {
            await().untilAsserted(() -> assertThat(drop.effects().ofTest()).isEqualTo(1));
        } else {
            assertThat(route.caller().receive(meant.length())).isEqualTo(meant);
        }
    }

    @Test
    void a_request_that_is_answered_before_its_body_has_come_counts_once() throws IOException {
        Injected drop = rig.inject(new DropMessage(ALL.matching("poison"), Direction.DOWNSTREAM));
        Route route = rig.connect();
        rig.sendAlone(route, Direction.UPSTREAM, "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n01234");
        answers(route, "HTTP/1.1 401 No\r\nContent-Length: 2\r\n\r\nno");
        rig.sendAlone(route, Direction.UPSTREAM, "56789");
        rig.sendAlone(route, Direction.UPSTREAM, "HEAD / HTTP/1.1\r\n\r\n");
        answers(route, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        rig.sendAlone(route, Direction.UPSTREAM, "GET / HTTP/1.1\r\n\r\n");
        route.service().send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison");
        await().untilAsserted(() -> assertThat(drop.effects().ofTest()).isEqualTo(1));
    }

    private static void answers(Route route, String answer) throws IOException {
        route.service().send(answer);
        assertThat(route.caller().receive(answer.length())).isEqualTo(answer);
    }

    @Test
    void what_is_never_whole_is_not_waited_for_again_and_again() {
        Injected drop = rig.inject(new DropMessage(LINES, Direction.BOTH));
        assertTimeoutPreemptively(ofSeconds(30), () -> {
            Route route = rig.connect();
            for (int i = 0; i < 20; i++) {
                carries(route, "no line", "no line");
                route.service().send("nor this");
                assertThat(route.caller().receive(8)).isEqualTo("nor this");
            }
        });
        assertThat(drop.effects().all()).isZero();
    }

    @Test
    void two_faults_of_messages_both_act_in_their_order() throws IOException {
        rig.inject("1-twice", new Duplicate(LINES), Schedule.now());
        Injected drop =
                rig.inject("2-drop", new DropMessage(LINES), Schedule.now().nth(2));
        carries(rig.connect(), "a\nb\n", "a\nb\nb\n");
        assertThat(drop.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void behind_a_latency_messages_are_found_as_well() throws IOException {
        rig.inject("1-slow", new Latency(ofMillis(30), ofMillis(20), Direction.BOTH), Schedule.now());
        Injected drop = rig.inject("2-drop", new DropMessage(ALL.matching("poison")), Schedule.now());
        Route route = rig.connect();
        for (int i = 0; i < 5; i++) {
            carries(route, set("a") + set("poison") + set("b"), set("a") + set("b"));
            route.service().send("+OK\r\n+OK\r\n");
            route.caller().receive(10);
        }
        assertThat(drop.effects().ofTest()).isEqualTo(5);
    }

    @Test
    void the_end_of_the_stream_comes_behind_all_messages() throws IOException {
        rig.inject(new DelayMessage(ofMillis(100), LINES));
        Route route = rig.connect();
        route.caller().send("a\nhalf");
        route.caller().finish();
        assertThat(route.service().receive(6)).isEqualTo("a\nhalf");
        assertThat(route.service().ending()).isEqualTo(Peer.Ending.FIN);
    }

    @ParameterizedTest
    @CsvSource({
        "none, its framer failed: java.lang.IllegalStateException: sick",
        "long, 'its framer returned Frame[length=100, command=, payload=0, payloadLength=0, spared=null] of 4 bytes'",
        "zero, 'its framer returned Frame[length=0, command=, payload=0, payloadLength=0, spared=null] of 4 bytes'",
        "void, 'its framer returned Frame[length=4, command=, payload=3, payloadLength=2, spared=null] of 4 bytes'"
    })
    void a_framer_that_is_wrong_harms_nobody(String said, String reason) throws IOException {
        Injected drop = rig.inject(new DropMessage(ALL.framed("sick"), Direction.DOWNSTREAM));
        Route route = rig.connect();
        carries(route, said, said);
        assertThat(drop.effects().unread()).singleElement().asString().contains(reason);
        route.service().send("reply");
        assertThat(route.caller().receive(5)).isEqualTo("reply");
    }

    @Test
    void an_unknown_framing_is_refused_before_anything_is_touched() {
        Fault fault = new DropMessage(ALL.framed("mqtt"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rig.inject(fault))
                .withMessageContaining(
                        "framing \"mqtt\" is unknown; allowed are amqp, http, line, postgresql, resp, sick and length:N");
    }
}
