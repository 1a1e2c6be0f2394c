package dev.firedrill.internal.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Direction;
import dev.firedrill.fault.DropMessage;
import dev.firedrill.fault.Messages;
import dev.firedrill.internal.Loopback;
import dev.firedrill.internal.SystemTime;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.schedule.Chance;
import dev.firedrill.schedule.Schedule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a proxy of the server says, as nobody gets a report of it. */
class ProxyLogTests {

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private PrintStream before;
    private TcpProxies proxies;

    @BeforeEach
    void start() {
        before = System.err;
        System.setErr(new PrintStream(log, true, UTF_8));
        proxies = new TcpProxies(SystemTime.CLOCK, Chance.ofSeed(1));
    }

    @AfterEach
    void end() {
        proxies.close();
        System.setErr(before);
    }

    private TcpProxy to(InetSocketAddress upstream) {
        TcpProxy proxy = proxies.proxy("kv", () -> upstream);
        proxy.listen(Loopback.at(0));
        return proxy;
    }

    private List<String> said() {
        return log.toString(UTF_8).lines().toList();
    }

    @Test
    void an_upstream_that_can_not_be_reached_is_told_once_until_it_can() throws IOException {
        InetSocketAddress nobody;
        try (HandServer server = new HandServer()) {
            nobody = server.address();
        }
        TcpProxy proxy = to(nobody);
        for (int i = 0; i < 3; i++) {
            assertThat(Peer.endingOfNew(proxy.address())).isEqualTo(Ending.RST);
        }
        assertThat(said())
                .singleElement()
                .asString()
                .contains("WARN", "kv", "127.0.0.1:" + nobody.getPort(), "refused");

        try (HandServer server = new HandServer(nobody);
                Peer caller = Peer.connect(proxy.address())) {
            caller.send("x");
            assertThat(server.accepted().receive(1)).isEqualTo("x");
        }
        assertThat(Peer.endingOfNew(proxy.address())).isEqualTo(Ending.RST);
        assertThat(said()).hasSize(2);
    }

    @Test
    void so_is_one_that_has_no_address() throws IOException {
        TcpProxy proxy = proxies.proxy("kv", () -> {
            throw new IllegalArgumentException("no such thing");
        });
        proxy.listen(Loopback.at(0));
        for (int i = 0; i < 3; i++) {
            assertThat(Peer.endingOfNew(proxy.address())).isEqualTo(Ending.RST);
        }
        assertThat(said()).singleElement().asString().contains("WARN", "kv", "no such thing");
    }

    @Test
    void what_a_toxic_can_not_read_is_told_once() throws IOException {
        try (HandServer server = new HandServer()) {
            TcpProxy proxy = to(server.address());
            proxy.put(lose("amqp"), 1);
            for (int i = 0; i < 3; i++) {
                speak(proxy, server);
                proxy.put(lose("amqp"), 1);
            }
            assertThat(said()).singleElement().asString().contains("WARN", "lose", "kv", "amqp");
            proxy.put(lose("http"), 1);
            speak(proxy, server);
            await().until(() -> said().size() == 2);
        }
    }

    private static Toxic lose(String framing) {
        DropMessage drop = new DropMessage(Messages.ALL.framed(framing), Direction.UPSTREAM);
        return new Toxic("lose", drop, Direction.UPSTREAM, 1, Schedule.now(), false);
    }

    private static void speak(TcpProxy proxy, HandServer server) throws IOException {
        try (Peer caller = Peer.connect(proxy.address());
                Peer service = server.accepted()) {
            caller.send("\0\0\0\1garbage\r\n");
            assertThat(service.receive(13)).hasSize(13);
        }
    }
}
