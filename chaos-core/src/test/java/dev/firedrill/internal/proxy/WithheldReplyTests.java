package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.KillBeforeReply;
import dev.firedrill.fault.Messages;
import dev.firedrill.internal.Loopback;
import dev.firedrill.internal.SystemTime;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.schedule.Chance;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.Draw;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When the node is to die, and what its caller hears before. Nobody is killed here. */
class WithheldReplyTests {

    private static final Messages ALL = Messages.ALL;
    private static final String POST = "POST /a HTTP/1.1\r\nContent-Length: 0\r\n\r\n";
    private static final String GET = "GET /a HTTP/1.1\r\n\r\n";
    private static final int LONG = (1 << 20) + 100_000;

    private final IoThread io = new IoThread();
    private final AtomicInteger killed = new AtomicInteger();
    private final Queue<String> unread = new ConcurrentLinkedQueue<>();
    private HandServer server;
    private LinkFront front;
    private Route route;

    private final class Killing extends LinkFault {

        private final KillBeforeReply kill;
        private final Protocol protocol;
        private final Draw draw = new Draw("kill", Schedule.now(), Chance.ofSeed(1), choice -> {});

        private Killing(Messages messages) {
            this.kill = new KillBeforeReply(messages);
            this.protocol = new Protocol(messages);
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
        void touched(Connection connection) {
            killed.incrementAndGet();
        }

        @Override
        void unread(String what) {
            unread.add(what);
        }

        @Override
        Protocol protocol() {
            return protocol;
        }

        @Override
        Kinds.Stages stages(Connection connection) {
            return Kinds.stages(connection, this, kill);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = new HandServer();
        Dialler dialler = new Dialler(server::address, InetAddress::getAllByName, io);
        front = new LinkFront(Line.named("kv"), dialler, io, SystemTime.CLOCK, () -> {}, () -> {})
                .listen(Loopback.at(0));
        route = new Route(Peer.connect(front.address()), server.accepted());
    }

    @AfterEach
    void end() throws IOException {
        front.close();
        io.close();
        route.caller().close();
        route.service().close();
        server.close();
    }

    private void kill(Messages messages) {
        io.run("inject", () -> front.inject(new Killing(messages)));
    }

    private void ask(String bytes) throws IOException {
        route.caller().send(bytes);
        assertThat(route.service().receive(bytes.length())).isEqualTo(bytes);
    }

    private void answer(String bytes, int expected) throws IOException {
        long before = front.traffic().downstream();
        route.service().send(bytes);
        await().until(() -> front.traffic().downstream() == before + bytes.length());
        io.run("see what has become of it", () -> {});
        assertThat(killed).as("behind %.40s", bytes).hasValue(expected);
    }

    private void hears(String bytes) throws IOException {
        assertThat(route.caller().receive(bytes.length())).isEqualTo(bytes);
        assertThat(route.caller().isQuietFor(ofMillis(100))).as("no more").isTrue();
    }

    @Test
    void half_an_answer_is_none() throws IOException {
        kill(ALL.command("POST"));
        ask(POST);
        answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", 0);
        answer("5\r\nhello\r\n", 0);
        answer("0\r\n\r\n", 1);
        hears("");
    }

    @Test
    void half_an_answer_to_somebody_else_goes_on() throws IOException {
        kill(ALL.command("POST"));
        ask(GET + POST);
        answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234", 0);
        answer("56789", 0);
        hears("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
        answer("HTTP/1.1 204 No\r\n\r\n", 1);
        hears("");
    }

    @Test
    void a_long_answer_is_withheld_to_its_end() throws IOException {
        kill(ALL);
        ask(GET);
        answer("HTTP/1.1 200 OK\r\nContent-Length: " + LONG + "\r\n\r\n" + "x".repeat(LONG - 1), 0);
        answer("x", 1);
        hears("");
        assertThat(unread).as("told of what passes").isEmpty();
    }

    @Test
    void a_long_answer_to_somebody_else_goes_on() throws Exception {
        kill(ALL.command("SET"));
        ask("*1\r\n$3\r\nGET\r\n*1\r\n$3\r\nSET\r\n");
        String reply = "$" + LONG + "\r\n" + "x".repeat(LONG) + "\r\n";
        Background<Boolean> heard =
                Background.call(() -> route.caller().receive(reply.length()).equals(reply));
        answer(reply, 0);
        assertThat(heard.result(Peer.PATIENCE)).isTrue();
        answer("+OK\r\n", 1);
        hears("");
    }

    @Test
    void what_has_gone_on_in_part_goes_on_whole() throws IOException {
        kill(ALL.command("POST"));
        ask(GET);
        answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234", 0);
        ask(POST);
        answer("56789", 0);
        hears("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789");
        answer("HTTP/1.1 204 No\r\n\r\n", 1);
        hears("");
    }

    @Test
    void what_can_not_be_read_may_be_the_answer() throws IOException {
        kill(ALL);
        ask(GET);
        answer("no answer at all", 1);
        hears("");
        assertThat(unread).as("told of what passes").isEmpty();
    }
}
