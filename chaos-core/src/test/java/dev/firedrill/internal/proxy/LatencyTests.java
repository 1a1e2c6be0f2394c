package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Latency.Distribution;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.report.Choice;
import dev.firedrill.schedule.Durations;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LatencyTests {

    private static final Duration DELAY = ofMillis(100);

    /** What a busy machine may add. */
    private static final Duration SLACK = ofMillis(80);

    @RegisterExtension
    final Rig rig = new Rig();

    @ParameterizedTest
    @EnumSource(Direction.class)
    void delays_each_message_in_the_covered_directions(Direction covered) throws IOException {
        Injected latency = rig.inject(new Latency(DELAY, Duration.ZERO, covered));
        Route route = rig.connect();

        for (Direction each : List.of(Direction.UPSTREAM, Direction.DOWNSTREAM)) {
            boolean slow = each == covered || covered == Direction.BOTH;
            Duration took = median(route, each, 5);
            if (slow) {
                assertThat(took).as("%s", each).isBetween(DELAY, DELAY.plus(SLACK));
            } else {
                assertThat(took).as("%s", each).isLessThan(DELAY);
            }
        }
        assertThat(latency.effects().ofTest()).isEqualTo(covered == Direction.BOTH ? 10 : 5);
        assertThat(latency.effects().all()).isEqualTo(latency.effects().ofTest());
    }

    /** The median, for one hiccup of the machine says nothing about the proxy. */
    private static Duration median(Route route, Direction direction, int messages) throws IOException {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            Elapsed elapsed = Elapsed.start();
            route.from(direction).send("message");
            assertThat(route.to(direction).receive(7)).isEqualTo("message");
            times.add(elapsed.time());
        }
        return times.stream().sorted().toList().get(messages / 2);
    }

    @Test
    void delays_an_open_connection_from_its_next_message_on() throws IOException {
        Route route = rig.connect().exchange();
        Injected latency = rig.inject(new Latency(DELAY));

        assertThat(median(route, Direction.DOWNSTREAM, 3)).isBetween(DELAY, DELAY.plus(SLACK));
        assertThat(latency.effects().ofTest()).isEqualTo(3);
    }

    @Test
    void does_not_delay_connecting() throws IOException {
        rig.inject(new Latency(ofSeconds(30), Duration.ZERO, Direction.BOTH));

        Elapsed elapsed = Elapsed.start();
        rig.connect();

        assertThat(elapsed.time()).isLessThan(ofSeconds(5));
    }

    @Test
    void counts_what_a_probe_meets_apart() throws IOException {
        Injected latency = rig.inject(new Latency(DELAY));

        assertThat(median(rig.connect(rig.probeFront()), Direction.DOWNSTREAM, 3))
                .isGreaterThanOrEqualTo(DELAY);
        assertThat(latency.effects().ofProbes()).isEqualTo(3);
        assertThat(latency.effects().ofTest()).isZero();
    }

    @Test
    void keeps_the_jitter_within_its_bounds_and_to_what_was_drawn() throws IOException {
        Duration delay = ofMillis(40);
        Duration jitter = ofMillis(30);
        rig.inject(new Latency(delay, jitter));
        Route route = rig.connect();

        List<Duration> measured = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            route.caller().send("?");
            route.service().receive(1);
            measured.add(median(route, Direction.DOWNSTREAM, 1));
        }

        List<Duration> drawn = rig.choices().stream().map(LatencyTests::delay).toList();
        assertThat(drawn)
                .hasSize(20)
                .allMatch(each -> each.compareTo(delay.minus(jitter)) >= 0)
                .allMatch(each -> each.compareTo(delay.plus(jitter)) <= 0);
        assertThat(drawn)
                .anyMatch(each -> each.compareTo(ofMillis(25)) < 0)
                .anyMatch(each -> each.compareTo(ofMillis(55)) > 0);
        for (int i = 0; i < 20; i++) {
            assertThat(measured.get(i)).as("message %d", i).isGreaterThanOrEqualTo(drawn.get(i));
        }
        List<Duration> late = Stream.iterate(0, i -> i < 20, i -> i + 1)
                .map(i -> measured.get(i).minus(drawn.get(i)))
                .sorted()
                .toList();
        assertThat(late.get(10)).isLessThan(ofMillis(20));
    }

    @ParameterizedTest
    @EnumSource(
            value = Distribution.class,
            names = {"NORMAL", "PARETO"})
    void holds_for_what_was_drawn_of_a_distribution_whatever_it_is(Distribution distribution) throws IOException {
        rig.inject(new Latency(ofMillis(10), ofMillis(10), Direction.UPSTREAM, distribution));
        Route route = rig.connect();

        List<Duration> measured = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            measured.add(median(route, Direction.UPSTREAM, 1));
            route.service().send("!");
            route.caller().receive(1);
        }

        List<Duration> drawn = rig.choices().stream().map(LatencyTests::delay).toList();
        assertThat(drawn).hasSize(20).doesNotHaveDuplicates();
        for (int i = 0; i < 20; i++) {
            assertThat(measured.get(i)).as("message %d", i).isGreaterThanOrEqualTo(drawn.get(i));
        }
    }

    private static Duration delay(Choice choice) {
        assertThat(choice.purpose()).isEqualTo("delay");
        return Durations.parse(choice.value());
    }

    @Test
    void keeps_the_order_under_jitter() throws IOException {
        rig.inject(new Latency(ofMillis(20), ofMillis(20)));
        Route route = rig.connect();

        StringBuilder sent = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            String message = ("message " + i + ";").repeat(200).substring(0, 1024);
            sent.append(message);
            rig.sendAlone(route, Direction.DOWNSTREAM, message);
        }

        assertThat(route.caller().receive(sent.length())).isEqualTo(sent.toString());
        assertThat(rig.choices()).as("each was a message of its own").hasSize(200);
    }

    @Test
    void ten_messages_at_once_cost_one_delay() throws IOException {
        Injected latency = rig.inject(new Latency(ofMillis(400)));
        Route route = rig.connect();

        Elapsed elapsed = Elapsed.start();
        for (int i = 0; i < 10; i++) {
            rig.sendAlone(route, Direction.DOWNSTREAM, "m" + i);
        }
        assertThat(route.caller().receive(20)).isEqualTo("m0m1m2m3m4m5m6m7m8m9");

        assertThat(elapsed.time()).isBetween(ofMillis(400), ofMillis(799));
        assertThat(latency.effects().ofTest()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(
            value = Direction.class,
            names = {"UPSTREAM", "DOWNSTREAM"})
    void no_end_of_stream_overtakes_the_bytes_before_it(Direction way) throws IOException {
        rig.inject(new Latency(DELAY, Duration.ZERO, way));

        Route orderly = rig.connect();
        Elapsed elapsed = Elapsed.start();
        orderly.from(way).send("last words").finish();
        assertThat(orderly.to(way).receive(10)).isEqualTo("last words");
        assertThat(elapsed.time()).isGreaterThanOrEqualTo(DELAY);
        assertThat(orderly.to(way).ending()).isEqualTo(Peer.Ending.FIN);

        Route abrupt = rig.connect().exchange();
        elapsed = Elapsed.start();
        abrupt.from(way).send("last words").reset();
        assertThat(abrupt.to(way).receive(10)).isEqualTo("last words");
        assertThat(elapsed.time()).isGreaterThanOrEqualTo(DELAY);
        assertThat(abrupt.to(way).ending()).isEqualTo(Peer.Ending.RST);
    }

    @Test
    void an_end_of_stream_alone_is_not_delayed() throws IOException {
        rig.inject(new Latency(ofSeconds(30), Duration.ZERO, Direction.BOTH));
        Route route = rig.connect();

        route.service().finish();

        assertThat(route.caller().ending()).isEqualTo(Peer.Ending.FIN);
    }

    @Test
    void healing_releases_at_once_what_is_held_in_order_and_to_its_end() throws IOException {
        Injected latency = rig.inject(new Latency(ofSeconds(30), Duration.ZERO, Direction.BOTH));
        Route route = rig.connect();
        rig.sendAlone(route, Direction.DOWNSTREAM, "one ");
        rig.sendAlone(route, Direction.DOWNSTREAM, "two ");
        rig.sendAlone(route, Direction.DOWNSTREAM, "three");
        route.service().finish();
        route.caller().send("request");
        await().until(() -> rig.front().traffic().upstream() == 7);
        assertThat(route.caller().isQuietFor(ofMillis(50))).isTrue();

        Elapsed elapsed = Elapsed.start();
        latency.heal();

        assertThat(route.caller().receive(13)).isEqualTo("one two three");
        assertThat(route.service().receive(7)).isEqualTo("request");
        assertThat(route.caller().ending()).isEqualTo(Peer.Ending.FIN);
        route.caller().send("more");
        assertThat(route.service().receive(4)).isEqualTo("more");
        assertThat(elapsed.time()).isLessThan(ofSeconds(5));
    }

    @Test
    void holds_a_bounded_number_of_bytes() throws Exception {
        Injected latency = rig.inject(new Latency(ofSeconds(30)));
        Route route = rig.connect();
        byte[] bytes = new byte[60_000_000];

        Background<Peer> sender = Background.call(() -> route.service().send(bytes));
        await().during(ofMillis(500)).until(() -> rig.front().traffic().downstream() < 20_000_000);
        assertThat(sender.isDone()).isFalse();
        latency.heal();

        assertThat(route.caller().receiveBytes(bytes.length)).hasSize(bytes.length);
        sender.result(Peer.PATIENCE);
    }

    @Test
    void does_not_limit_throughput() throws Exception {
        rig.inject(new Latency(DELAY, Duration.ZERO, Direction.DOWNSTREAM));
        Route route = rig.connect();
        int length = 30 << 20;

        Elapsed elapsed = Elapsed.start();
        Background<Peer> sender = Background.call(() -> route.service().send(new byte[length]));
        assertThat(route.caller().receiveBytes(length)).hasSize(length);
        sender.result(Peer.PATIENCE);

        assertThat(elapsed.time()).as("of 30 MiB").isBetween(DELAY, ofMillis(1_800));
    }
}
