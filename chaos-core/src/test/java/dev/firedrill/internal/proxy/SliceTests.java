package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Slice;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.report.Choice;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SliceTests {

    /** So long that a reader on a busy machine has the one piece before the next one comes. */
    private static final Duration APART = ofMillis(60);

    private static final Duration NONE = Duration.ZERO;

    @RegisterExtension
    final Rig rig = new Rig();

    @ParameterizedTest
    @EnumSource(Direction.class)
    void cuts_the_covered_directions_into_pieces_of_the_size(Direction covered) throws IOException {
        Injected slice = rig.inject(new Slice(4, 0, APART, covered));
        Route route = rig.connect();

        for (Direction each : List.of(Direction.UPSTREAM, Direction.DOWNSTREAM)) {
            boolean cut = each == covered || covered == Direction.BOTH;
            Elapsed elapsed = Elapsed.start();
            route.from(each).send("0123456789");
            assertThat(route.to(each).receivePieces(10))
                    .as("%s", each)
                    .isEqualTo(cut ? List.of("0123", "4567", "89") : List.of("0123456789"));
            if (cut) {
                assertThat(elapsed.time()).isGreaterThanOrEqualTo(APART.multipliedBy(2));
            }
        }
        assertThat(slice.effects().ofTest()).isEqualTo(covered == Direction.BOTH ? 2 : 1);
        assertThat(slice.effects().all()).isEqualTo(slice.effects().ofTest());
    }

    @Test
    void cuts_an_open_connection_at_the_same_offsets_however_its_bytes_are_read() throws IOException {
        Route route = rig.connect().exchange();
        rig.inject(new Slice(4, 0, APART, Direction.DOWNSTREAM));

        rig.sendAlone(route, Direction.DOWNSTREAM, "12");
        assertThat(route.caller().receivePieces(2))
                .as("not held for want of more")
                .containsExactly("12");
        rig.sendAlone(route, Direction.DOWNSTREAM, "3456789");

        assertThat(route.caller().receivePieces(7)).containsExactly("3", "4567", "89");
    }

    @Test
    void cuts_without_a_delay_and_counts_a_message_once() throws IOException {
        Injected slice = rig.inject(new Slice(100, 0, NONE, Direction.DOWNSTREAM));
        Route route = rig.connect();

        route.service().send("x".repeat(100));
        assertThat(route.caller().receive(100)).hasSize(100);
        assertThat(slice.effects().all()).as("one piece, and nothing behind it").isZero();

        route.service().send("y".repeat(1_000));
        assertThat(route.caller().receive(1_000)).hasSize(1_000);
        assertThat(slice.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void counts_what_waits_behind_a_piece_without_being_cut_itself() throws IOException {
        Injected slice = rig.inject(new Slice(4, 0, ofSeconds(30), Direction.DOWNSTREAM));
        Route route = rig.connect();
        rig.sendAlone(route, Direction.DOWNSTREAM, "1234");
        assertThat(route.caller().receive(4)).isEqualTo("1234");
        assertThat(slice.effects().all()).isZero();

        rig.sendAlone(route, Direction.DOWNSTREAM, "56");

        assertThat(route.caller().isQuietFor(ofMillis(50))).isTrue();
        assertThat(slice.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void counts_what_a_probe_meets_apart() throws IOException {
        Injected slice = rig.inject(new Slice(2));
        Route route = rig.connect(rig.probeFront());

        route.caller().send("request");
        assertThat(route.service().receive(7)).isEqualTo("request");

        assertThat(slice.effects().ofProbes()).isEqualTo(1);
        assertThat(slice.effects().ofTest()).isZero();
    }

    @Test
    void varies_the_size_within_its_bounds_by_the_seed_and_the_offset_alone() throws IOException {
        List<Integer> whole = cuts(List.of(400));
        rig.again();
        List<Integer> inParts = cuts(List.of(1, 130, 7, 62, 200));
        rig.again();
        rig.seed(8);
        List<Integer> other = cuts(List.of(400));

        assertThat(inParts).isEqualTo(whole);
        assertThat(other).isNotEqualTo(whole);
        assertThat(sizes(whole)).allMatch(size -> size >= 50 - 49 && size <= 50 + 49);
        assertThat(sizes(whole).stream().distinct().count()).isGreaterThan(3);
    }

    /** Where a reply is cut that is sent in such parts. */
    private List<Integer> cuts(List<Integer> parts) throws IOException {
        rig.inject("1-slice", new Slice(50, 49, NONE, Direction.DOWNSTREAM), Schedule.now());
        Route route = rig.connect();
        for (int part : parts) {
            rig.sendAlone(route, Direction.DOWNSTREAM, "x".repeat(part));
            route.caller().receive(part);
        }
        List<Integer> cuts = new ArrayList<>();
        for (Choice choice : rig.choices()) {
            assertThat(choice.purpose()).isEqualTo("shift");
            cuts.add((int) choice.unit() + Integer.parseInt(choice.value()));
        }
        return cuts;
    }

    private static List<Integer> sizes(List<Integer> cuts) {
        List<Integer> sizes = new ArrayList<>();
        for (int i = 1; i < cuts.size(); i++) {
            sizes.add(cuts.get(i) - cuts.get(i - 1));
        }
        return sizes;
    }

    @Test
    void cuts_where_it_was_drawn() throws IOException {
        rig.inject(new Slice(6, 5, APART, Direction.DOWNSTREAM));
        Route route = rig.connect();

        route.service().send("0123456789".repeat(3));
        List<String> pieces = route.caller().receivePieces(30);

        List<Integer> cuts = new ArrayList<>();
        int offset = 0;
        for (String piece : pieces.subList(0, pieces.size() - 1)) {
            offset += piece.length();
            cuts.add(offset);
        }
        assertThat(rig.choices().stream()
                        .map(choice -> (int) choice.unit() + Integer.parseInt(choice.value()))
                        .filter(cut -> cut < 30))
                .containsExactlyElementsOf(cuts);
    }

    @Test
    void no_end_of_stream_overtakes_the_bytes_before_it() throws IOException {
        rig.inject(new Slice(2, 0, ofMillis(20), Direction.BOTH));

        Route orderly = rig.connect();
        orderly.service().send("last words").finish();
        assertThat(orderly.caller().receive(10)).isEqualTo("last words");
        assertThat(orderly.caller().ending()).isEqualTo(Peer.Ending.FIN);
        orderly.caller().send("more");
        assertThat(orderly.service().receive(4))
                .as("the other direction goes on")
                .isEqualTo("more");

        Route abrupt = rig.connect().exchange();
        abrupt.service().send("last words").reset();
        assertThat(abrupt.caller().receive(10)).isEqualTo("last words");
        assertThat(abrupt.caller().ending()).isEqualTo(Peer.Ending.RST);
    }

    @Test
    void healing_lets_what_is_held_flow_at_once_in_order_and_to_its_end() throws IOException {
        Injected slice = rig.inject(new Slice(3, 0, ofSeconds(30), Direction.BOTH));
        Route route = rig.connect();
        rig.sendAlone(route, Direction.DOWNSTREAM, "one ");
        rig.sendAlone(route, Direction.DOWNSTREAM, "two ");
        route.service().send("three").finish();
        assertThat(route.caller().receive(3)).isEqualTo("one");
        assertThat(route.caller().isQuietFor(ofMillis(50))).isTrue();

        Elapsed elapsed = Elapsed.start();
        slice.heal();

        assertThat(route.caller().receive(10)).isEqualTo(" two three");
        assertThat(route.caller().ending()).isEqualTo(Peer.Ending.FIN);
        assertThat(elapsed.time()).isLessThan(ofSeconds(5));
    }

    @Test
    void a_connection_that_is_not_hit_passes_untouched() throws IOException {
        Injected slice = rig.inject(
                "1-slice", new Slice(1, ofSeconds(30)), Schedule.now().nth(2));

        rig.connect().exchange().exchange();
        assertThat(slice.effects().all()).isZero();
        Route second = rig.connect();
        second.caller().send("ab");

        assertThat(second.service().receive(1)).isEqualTo("a");
        assertThat(second.service().isQuietFor(ofMillis(50))).isTrue();
        assertThat(slice.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void a_sender_feels_the_delay_and_the_proxy_holds_little() throws Exception {
        Injected slice = rig.inject(new Slice(1_000, ofMillis(10)));
        Route route = rig.connect();
        byte[] bytes = new byte[50_000_000];
        new Random(3).nextBytes(bytes);

        Background<Peer> sender = Background.call(() -> route.service().send(bytes));
        Background<byte[]> receiver = Background.call(() -> route.caller().receiveBytes(bytes.length));
        await().during(ofMillis(500)).atMost(ofSeconds(3)).until(() -> rig.passed(Direction.DOWNSTREAM) < 1_000_000);
        assertThat(sender.isDone()).isFalse();
        slice.heal();

        assertThat(receiver.result(ofSeconds(20))).isEqualTo(bytes);
        sender.result(Peer.PATIENCE);
    }

    @Test
    void pieces_of_a_byte_leave_other_connections_their_turn() throws Exception {
        rig.inject(new Slice(1, 0, NONE, Direction.DOWNSTREAM));
        Route busy = rig.connect();
        Route other = rig.connect();
        byte[] bytes = new byte[300_000];

        Background<Peer> sender = Background.call(() -> busy.service().send(bytes));
        Background<byte[]> receiver = Background.call(() -> busy.caller().receiveBytes(bytes.length));
        Elapsed elapsed = Elapsed.start();
        for (int i = 0; i < 20; i++) {
            other.exchange();
        }

        assertThat(elapsed.time()).isLessThan(ofSeconds(2));
        assertThat(receiver.result(ofSeconds(20))).isEqualTo(bytes);
        sender.result(Peer.PATIENCE);
    }

    @Test
    void cuts_at_the_same_offsets_behind_another_fault() throws IOException {
        rig.inject("2-latency", new Latency(ofMillis(20)), Schedule.now());
        rig.inject("1-slice", new Slice(4, 0, APART, Direction.DOWNSTREAM), Schedule.now());
        Route route = rig.connect();

        rig.sendAlone(route, Direction.DOWNSTREAM, "123456");
        rig.sendAlone(route, Direction.DOWNSTREAM, "789");

        assertThat(String.join("|", route.caller().receivePieces(9))).matches("1234\\|(567\\|?8|56\\|78)\\|9");
    }
}
