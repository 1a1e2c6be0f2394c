package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Direction;
import dev.firedrill.internal.Loopback;
import dev.firedrill.internal.SystemTime;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.schedule.Chance;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.Draw;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A link that has room for three connections. */
class CrowdTests {

    private static final int MOST = 3;
    private static final Duration A_WHILE = ofMillis(100);

    private final IoThread io = new IoThread();
    private final List<Route> routes = new ArrayList<>();
    private HandServer server;
    private LinkFront front;

    /** As an annotation makes it: a toxic passes ends on. */
    private static final class Hole extends LinkFault {

        private final Blackhole blackhole;
        private final Draw draw = new Draw("hole", Schedule.now(), Chance.ofSeed(1), choice -> {});

        private Hole(Direction direction) {
            this.blackhole = new Blackhole(direction);
        }

        @Override
        int place() {
            return 1;
        }

        @Override
        Draw draw() {
            return draw;
        }

        @Override
        void touched(Connection connection) {}

        @Override
        Protocol protocol() {
            throw new AssertionError("it is no fault of messages");
        }

        @Override
        Kinds.Stages stages(Connection connection) {
            return Kinds.stages(connection, this, blackhole);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = new HandServer();
        Dialler dialler = new Dialler(server::address, InetAddress::getAllByName, io);
        front = new LinkFront(Line.named("kv"), dialler, io, SystemTime.CLOCK, () -> {}, () -> {}, MOST)
                .listen(Loopback.at(0));
    }

    @AfterEach
    void end() throws IOException {
        front.close();
        io.close();
        for (Route route : routes) {
            route.caller().close();
            route.service().close();
        }
        server.close();
    }

    private Route connect() throws IOException {
        Route route = new Route(Peer.connect(front.address()), server.accepted());
        routes.add(route);
        return route;
    }

    private void swallow(Direction direction) {
        io.run("inject", () -> front.inject(new Hole(direction)));
    }

    @Test
    void one_too_many_is_reset() throws IOException {
        for (int i = 0; i < MOST; i++) {
            connect().exchange();
        }
        assertThat(Peer.endingOfNew(front.address())).isEqualTo(Ending.RST);
        assertThat(front.turnedAway()).isEqualTo(1);
        routes.get(0).exchange();
    }

    @Test
    void those_on_which_nothing_is_left_to_be_said_make_room() throws IOException {
        for (int i = 0; i < MOST; i++) {
            connect().exchange();
        }
        swallow(Direction.BOTH);
        Route finished = routes.get(0);
        finished.caller().finish();
        finished.service().finish();
        Route left = routes.get(1);
        left.caller().reset();
        left.service().finish();
        Route half = routes.get(2);
        half.caller().finish();
        for (Route route : List.of(finished, half)) {
            assertThat(route.caller().isQuietFor(A_WHILE))
                    .as("as long as there is room")
                    .isTrue();
        }
        assertThat(left.service().isQuietFor(A_WHILE)).isTrue();

        connect();
        assertThat(finished.caller().ending()).isEqualTo(Ending.RST);
        assertThat(finished.service().ending()).isEqualTo(Ending.RST);
        assertThat(left.service().ending()).isEqualTo(Ending.RST);
        assertThat(half.caller().isQuietFor(A_WHILE))
                .as("the service may still speak")
                .isTrue();
        assertThat(front.turnedAway()).isZero();
    }

    @Test
    void whoever_got_an_end_sees_no_reset_behind_it() throws IOException {
        for (int i = 0; i < MOST; i++) {
            connect().exchange();
        }
        swallow(Direction.UPSTREAM);
        Route route = routes.get(0);
        route.caller().finish();
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        route.service().send("still here").finish();
        assertThat(route.caller().receive(10)).isEqualTo("still here");
        await().until(() -> front.traffic().downstream() >= 10);
        assertThat(route.caller().ending()).isEqualTo(Ending.FIN);
        connect();
        assertThat(route.service().ending()).isEqualTo(Ending.RST);
    }
}
