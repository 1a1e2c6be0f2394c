package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.Direction;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.report.Choice;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PacketLossTests {

    /** Nothing gets through before its seventh attempt. */
    private static final double NEARLY_ALL = 0.999_999_999;

    private static final Duration FIRST = ofMillis(4);
    private static final Duration LONGEST = FIRST.multipliedBy(63);

    @RegisterExtension
    final Rig rig = new Rig();

    @ParameterizedTest
    @EnumSource(Direction.class)
    void sends_again_what_is_lost_in_the_covered_directions_and_no_more_than_six_times(Direction covered)
            throws IOException {
        Route open = rig.connect().exchange();
        Injected loss = rig.inject(new PacketLoss(NEARLY_ALL, FIRST, covered));
        Route fresh = rig.connect();

        for (Route route : List.of(open, fresh)) {
            for (Direction each : List.of(Direction.UPSTREAM, Direction.DOWNSTREAM)) {
                Elapsed elapsed = Elapsed.start();
                route.from(each).send("message");
                assertThat(route.to(each).receive(7)).isEqualTo("message");
                if (each == covered || covered == Direction.BOTH) {
                    assertThat(elapsed.time()).as("%s", each).isBetween(LONGEST, ofSeconds(5));
                } else {
                    assertThat(elapsed.time()).as("%s", each).isLessThan(LONGEST);
                }
            }
        }
        assertThat(loss.effects().ofTest()).isEqualTo(covered == Direction.BOTH ? 4 : 2);
        assertThat(loss.effects().all()).isEqualTo(loss.effects().ofTest());
    }

    @Test
    void each_wait_is_twice_as_long_as_the_one_before() throws IOException {
        Injected loss = rig.inject(new PacketLoss(0.5, ofMillis(10), Direction.DOWNSTREAM));
        Route route = rig.connect();

        for (int i = 0; i < 40; i++) {
            route.caller().send("?");
            route.service().receive(1);
            Elapsed elapsed = Elapsed.start();
            route.service().send("reply");
            assertThat(route.caller().receive(5)).isEqualTo("reply");
            int losses = losses(rig.choices().get(i));
            assertThat(elapsed.time())
                    .as("lost %d times", losses)
                    .isGreaterThanOrEqualTo(ofMillis(10L * ((1 << losses) - 1)));
        }

        List<Integer> losses =
                rig.choices().stream().map(PacketLossTests::losses).toList();
        assertThat(losses).hasSize(40).contains(0, 1, 2);
        assertThat(loss.effects().ofTest())
                .as("what gets through at once is not touched")
                .isEqualTo(losses.stream().filter(each -> each > 0).count());
    }

    private static int losses(Choice choice) {
        assertThat(choice.purpose()).isEqualTo("loss");
        return Integer.parseInt(choice.value());
    }

    @Test
    void everything_behind_waits_and_keeps_its_order() throws IOException {
        Injected loss = rig.inject(
                "1-packet-loss",
                new PacketLoss(NEARLY_ALL, FIRST, Direction.DOWNSTREAM),
                Schedule.now().nth(1));
        Route route = rig.connect();

        Elapsed elapsed = Elapsed.start();
        rig.sendAlone(route, Direction.DOWNSTREAM, "x".repeat(1_024));
        route.service().send("behind").finish();
        assertThat(route.caller().receive(1_024 + 7)).isEqualTo("x".repeat(1_024) + "behind");

        assertThat(elapsed.time()).isGreaterThanOrEqualTo(LONGEST);
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(loss.effects().ofTest()).isEqualTo(1);
    }

    @Test
    void pieces_that_are_lost_at_the_same_time_wait_side_by_side() throws IOException {
        rig.inject(new PacketLoss(NEARLY_ALL, FIRST));
        Route route = rig.connect();

        Elapsed elapsed = Elapsed.start();
        route.service().send("x".repeat(100_000));
        assertThat(route.caller().receive(100_000)).hasSize(100_000);

        assertThat(elapsed.time()).isBetween(LONGEST, ofSeconds(5));
        assertThat(rig.choices()).hasSize(98);
    }

    @Test
    void which_pieces_are_lost_depends_on_the_seed_and_the_offset_alone() throws IOException {
        Map<Long, String> whole = lost(List.of(20_000));
        rig.again();
        Map<Long, String> inParts = lost(List.of(1, 3_000, 17, 6_982, 10_000));
        rig.again();
        rig.seed(8);
        Map<Long, String> other = lost(List.of(20_000));

        assertThat(whole).hasSize(20).containsValues("0", "1");
        assertThat(inParts).isEqualTo(whole);
        assertThat(other).isNotEqualTo(whole);
    }

    /** By its offset, how often each piece of a reply is lost that is sent in such parts. */
    private Map<Long, String> lost(List<Integer> parts) throws IOException {
        rig.inject("1-packet-loss", new PacketLoss(0.3, ofMillis(1), Direction.DOWNSTREAM), Schedule.now());
        Route route = rig.connect();
        for (int part : parts) {
            rig.sendAlone(route, Direction.DOWNSTREAM, "x".repeat(part));
            route.caller().receive(part);
        }
        return rig.choices().stream().collect(Collectors.toMap(Choice::unit, Choice::value));
    }

    @Test
    void only_the_messages_that_are_hit_may_be_lost() throws IOException {
        Injected loss = rig.inject(
                "1-packet-loss",
                new PacketLoss(NEARLY_ALL, ofSeconds(30)),
                Schedule.now().nth(40));

        rig.connect().exchange().exchange();

        assertThat(loss.effects().all()).isZero();
    }

    @Test
    void healing_releases_at_once_what_is_held_in_order_and_to_its_end() throws IOException {
        Injected loss = rig.inject(new PacketLoss(NEARLY_ALL, ofSeconds(30)));
        Route route = rig.connect();
        rig.sendAlone(route, Direction.DOWNSTREAM, "one ");
        rig.sendAlone(route, Direction.UPSTREAM, "request");
        rig.sendAlone(route, Direction.DOWNSTREAM, "two");
        route.service().finish();
        assertThat(route.caller().isQuietFor(ofMillis(50))).isTrue();

        Elapsed elapsed = Elapsed.start();
        loss.heal();

        assertThat(route.caller().receive(8)).isEqualTo("one two");
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(route.service().receive(7)).isEqualTo("request");
        assertThat(elapsed.time()).isLessThan(ofSeconds(5));
        rig.connect().exchange();
    }

    @Test
    void neither_connecting_nor_an_end_alone_is_lost() throws IOException {
        Injected loss = rig.inject(new PacketLoss(NEARLY_ALL, ofSeconds(30)));
        Route route = rig.connect();

        route.service().finish();

        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        assertThat(loss.effects().all()).isZero();
    }

    @Test
    void counts_what_a_probe_meets_apart() throws IOException {
        Injected loss = rig.inject(new PacketLoss(NEARLY_ALL, ofMillis(1)));

        rig.connect(rig.probeFront()).exchange();

        assertThat(loss.effects().ofProbes()).isEqualTo(2);
        assertThat(loss.effects().ofTest()).isZero();
    }
}
