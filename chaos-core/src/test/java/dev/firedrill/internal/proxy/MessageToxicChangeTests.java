package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.DelayMessage;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.DropMessage;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Messages;
import dev.firedrill.fault.Reorder;
import dev.firedrill.internal.Loopback;
import dev.firedrill.internal.SystemTime;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.schedule.Chance;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A toxic of messages that is put again reads and counts on. */
class MessageToxicChangeTests {

    private static final Messages LINES = Messages.ALL.framed("line");
    private static final Duration A_WHILE = ofMillis(100);

    private final IoThread io = new IoThread();
    private HandServer server;
    private LinkFront front;
    private TcpProxy proxy;
    private Route route;

    @BeforeEach
    void start() throws IOException {
        server = new HandServer();
        Dialler dialler = new Dialler(server::address, InetAddress::getAllByName, io);
        front = new LinkFront(Line.named("kv"), dialler, io, SystemTime.CLOCK, () -> {}, () -> {});
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

    private void put(Fault fault, Schedule schedule) {
        proxy.put(new Toxic("toxic", fault, Direction.UPSTREAM, 1, schedule, false), 1);
    }

    private void send(String bytes) throws IOException {
        long expected = front.traffic().upstream() + bytes.length();
        route.caller().send(bytes);
        await().pollInterval(ofMillis(1)).until(() -> front.traffic().upstream() == expected);
    }

    private void arrives(String bytes) throws IOException {
        assertThat(route.service().receive(bytes.length())).isEqualTo(bytes);
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
    }

    @Test
    void the_third_message_is_the_third_however_often_the_toxic_is_put() throws IOException {
        Schedule third = Schedule.now().nth(3);
        for (String line : new String[] {"one\n", "two\n", "three\n", "four\n", "five\n", "six\n"}) {
            put(new DropMessage(LINES), third);
            send(line);
        }
        arrives("one\ntwo\nfour\nfive\nsix\n");
    }

    @Test
    void half_a_message_is_half_a_message_still() throws IOException {
        put(new DropMessage(LINES.command("half")), Schedule.now());
        send("half ");
        put(new DropMessage(LINES.command("half")), Schedule.now());
        send("of it\nwhole\n");
        arrives("whole\n");
    }

    @Test
    void a_message_that_is_late_is_not_hit_again() throws IOException {
        Schedule first = Schedule.now().nth(1);
        put(new DelayMessage(ofSeconds(1_000), LINES), first);
        send("late\nbehind\n");
        put(new DelayMessage(ofSeconds(1_000), LINES), first);
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        put(new DelayMessage(ofMillis(1), LINES), first);
        arrives("late\nbehind\n");
    }

    @Test
    void a_message_that_waits_to_be_overtaken_waits_on() throws IOException {
        Schedule first = Schedule.now().nth(1);
        put(new Reorder(ofSeconds(1_000), LINES), first);
        send("slow\n");
        put(new Reorder(ofSeconds(1_000), LINES), first);
        assertThat(route.service().isQuietFor(A_WHILE)).isTrue();
        send("quick\n");
        arrives("quick\nslow\n");
    }

    @Test
    void the_start_of_a_connection_is_its_start_still() throws IOException {
        String start = "\0\0\0\15\0\3\0\0user\0";
        String query = "Q\0\0\0\15SELECT 1\0".replace("\15", "\r");
        put(new DropMessage(Messages.ALL.command("Query")), Schedule.now());
        send(start.substring(0, 4));
        put(new DropMessage(Messages.ALL.command("Query")), Schedule.now());
        send(start.substring(4));
        send(query);
        arrives(start);
    }

    @Test
    void another_kind_lets_go_of_what_is_held() throws IOException {
        put(new DelayMessage(ofSeconds(1_000), LINES), Schedule.now());
        send("slow\nhal");
        put(new DropMessage(LINES.command("never")), Schedule.now());
        send("f\n");
        arrives("slow\nhalf\n");
    }

    @Test
    void another_framing_reads_anew() throws IOException {
        put(new DropMessage(LINES.command("half")), Schedule.now());
        send("half ");
        put(new DropMessage(Messages.ALL.framed("length:1")), Schedule.now());
        arrives("half ");
    }
}
