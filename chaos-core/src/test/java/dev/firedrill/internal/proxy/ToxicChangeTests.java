package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.internal.Loopback;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.schedule.Chance;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a toxic that is put again makes of what is under way, by a clock that stands still until it is moved. */
class ToxicChangeTests {

    private static final Duration A_WHILE = ofMillis(150);

    private final Clock clock = new Clock();
    private final IoThread io = new IoThread();
    private HandServer server;
    private LinkFront front;
    private TcpProxy proxy;
    private Route route;

    private static final class Clock implements TimeSource {

        private final AtomicLong nanos = new AtomicLong();

        void at(Duration time) {
            nanos.set(time.toNanos());
        }

        @Override
        public long nanos() {
            return nanos.get();
        }

        @Override
        public Instant now() {
            return Instant.EPOCH.plusNanos(nanos.get());
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = new HandServer();
        Dialler dialler = new Dialler(server::address, InetAddress::getAllByName, io);
        front = new LinkFront(Line.named("kv"), dialler, io, clock, () -> {}, () -> {});
        proxy = new TcpProxy(front, io, Chance.ofSeed(1));
        proxy.listen(Loopback.at(0));
        route = new Route(Peer.connect(proxy.address()), server.accepted());
    }

    @AfterEach
    void end() throws IOException {
        proxy.close();
        io.close();
        route.caller().close();
        server.close();
    }

    private void put(Fault fault) {
        put(fault, 1);
    }

    private void put(Fault fault, double toxicity) {
        proxy.put(new Toxic("toxic", fault, Direction.UPSTREAM, toxicity, Schedule.now(), false), 1);
    }

    private void put(Fault fault, Schedule schedule) {
        proxy.put(new Toxic("toxic", fault, Direction.UPSTREAM, 1, schedule, false), 1);
    }

    private static Lag late(Duration delay) {
        return new Lag(delay, Duration.ZERO, Direction.UPSTREAM);
    }

    /** Sends it, and waits until the proxy has it. */
    private void send(String message) throws IOException {
        long expected = front.traffic().upstream() + message.length();
        route.caller().send(message);
        await().pollInterval(ofMillis(1)).until(() -> front.traffic().upstream() == expected);
    }

    @Test
    void a_new_delay_counts_from_when_a_message_came() throws IOException {
        put(late(ofSeconds(1_000)));
        send("one");
        clock.at(ofSeconds(400));
        send("two");

        clock.at(ofSeconds(800));
        put(late(ofSeconds(1_000)));
        clock.at(ofSeconds(999));
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        clock.at(ofSeconds(1_000));
        put(late(ofSeconds(1_000)));
        assertThat(route.service().receive(3)).isEqualTo("one");
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();

        put(late(ofMinutes(10)));
        assertThat(route.service().receive(3)).isEqualTo("two");
    }

    @Test
    void a_longer_delay_holds_all_longer_and_a_shorter_one_overtakes_nothing() throws IOException {
        put(late(ofSeconds(10)));
        send("one");
        clock.at(ofSeconds(9));
        put(late(ofSeconds(100)));
        send("two");
        route.caller().finish();
        clock.at(ofSeconds(99));
        put(late(ofSeconds(100)));
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();

        put(late(ofSeconds(91)));
        assertThat(route.service().receive(3)).isEqualTo("one");
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        put(late(Duration.ZERO));
        assertThat(route.service().receive(3)).isEqualTo("two");
        assertThat(route.service().ending()).isEqualTo(Ending.FIN);
    }

    @Test
    void a_reset_that_is_taken_back_resets_what_has_a_hole_only() throws IOException {
        put(new ResetPeer(ofSeconds(1_000)));
        route.service().send("hello");
        assertThat(route.caller().receive(5)).isEqualTo("hello");
        proxy.remove("toxic");
        route.exchange();

        put(new ResetPeer(ofSeconds(1_000)));
        send("lost");
        put(new ResetPeer(ofSeconds(2_000)));
        send("too");
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        proxy.remove("toxic");
        assertThat(route.service().ending()).isEqualTo(Ending.RST);
        assertThat(route.caller().ending()).isEqualTo(Ending.RST);
    }

    @Test
    void a_reset_that_is_put_again_burns_on() throws IOException {
        put(new ResetPeer(ofSeconds(1_000)));
        send("lost");
        clock.at(ofMinutes(15));
        put(new ResetPeer(ofSeconds(1_000)));
        clock.at(ofSeconds(1_000));
        put(new ResetPeer(ofSeconds(1_000)));
        assertThat(route.service().ending()).isEqualTo(Ending.RST);
        assertThat(route.caller().ending()).isEqualTo(Ending.RST);
    }

    @Test
    void the_second_connection_is_the_second_however_often_the_toxic_is_put() throws IOException {
        Schedule second = Schedule.now().nth(2);
        put(new Blackhole(Direction.UPSTREAM), second);
        send("first");
        assertThat(route.service().receive(5)).isEqualTo("first");

        put(new Blackhole(Direction.UPSTREAM), second);
        try (Peer caller = Peer.connect(proxy.address());
                Peer service = server.accepted()) {
            caller.send("lost");
            assertThat(service.isQuietFor(A_WHILE)).isTrue();
            put(new Blackhole(Direction.UPSTREAM, ofSeconds(1_000)), second);
            caller.send("too");
            assertThat(service.isQuietFor(A_WHILE)).isTrue();
            send("again");
            assertThat(route.service().receive(5)).isEqualTo("again");
        }

        put(new Blackhole(Direction.UPSTREAM), Schedule.now().nth(1));
        send("lost");
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
    }

    @Test
    void the_second_message_that_waits_for_its_packets_is_the_second_however_often_the_toxic_is_put()
            throws IOException {
        Schedule second = Schedule.now().nth(2);
        PacketLoss loss = new PacketLoss(0.999, ofSeconds(1_000), Direction.UPSTREAM);
        put(loss, second);
        send("first");
        assertThat(route.service().receive(5)).isEqualTo("first");
        route.service().send("!");
        assertThat(route.caller().receive(1)).isEqualTo("!");
        send("second");
        for (int i = 0; i < 3; i++) {
            put(loss, second);
            assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        }
        put(loss, 0);
        assertThat(route.service().receive(6)).isEqualTo("second");
    }

    @Test
    void a_new_delay_of_an_end_counts_from_when_it_came() throws IOException {
        put(new SlowClose(ofSeconds(1_000), Direction.UPSTREAM));
        send("one");
        assertThat(route.service().receive(3)).isEqualTo("one");
        route.caller().finish();
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        clock.at(ofMinutes(15));
        put(new SlowClose(ofSeconds(1_000), Direction.UPSTREAM));
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        clock.at(ofSeconds(1_000));
        put(new SlowClose(ofSeconds(1_000), Direction.UPSTREAM));
        assertThat(route.service().ending()).isEqualTo(Ending.FIN);
    }

    @ParameterizedTest
    @MethodSource
    void who_paces_lets_no_more_through_for_being_put_again(Fault pacing) throws IOException {
        put(pacing);
        send("abc");
        assertThat(route.service().receive(1)).isEqualTo("a");
        put(pacing);
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        clock.at(ofSeconds(1));
        put(pacing);
        assertThat(route.service().receive(1)).isEqualTo("b");
        proxy.remove("toxic");
        assertThat(route.service().receive(1)).isEqualTo("c");
    }

    static List<Fault> who_paces_lets_no_more_through_for_being_put_again() {
        return List.of(
                new Bandwidth(new DataRate(1), Direction.UPSTREAM), new Slice(1, 0, ofSeconds(1), Direction.UPSTREAM));
    }

    @Test
    void without_toxicity_it_lets_go() throws IOException {
        put(late(ofSeconds(1_000)));
        send("one");
        put(late(ofSeconds(1_000)));
        put(late(ofSeconds(1_000)), 0);
        assertThat(route.service().receive(3)).isEqualTo("one");
        send("two");
        assertThat(route.service().receive(3)).isEqualTo("two");
    }
}
