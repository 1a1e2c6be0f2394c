package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.firedrill.Chaos;
import dev.firedrill.Link;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.Upstream;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.ResetPeer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Chaos holds while it lives, and that nothing is left of it. */
class ResourcesTests {

    @TempDir
    Path home;

    EchoServer server;
    Chaos chaos;
    Belongings before;

    /** The JDK keeps a socket of its own from the first channel on that is closed, whoever closes it. */
    @BeforeAll
    static void close_a_first_channel() throws IOException {
        ServerSocketChannel.open().close();
        SocketChannel.open().close();
    }

    @BeforeEach
    void start() throws IOException {
        server = new EchoServer();
        before = Belongings.now();
        chaos = Chaos.builder().home(home).reports(null).start();
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
    }

    private Service service(String name) throws IOException {
        return chaos.service(name, Upstream.at("127.0.0.1", server.port()));
    }

    private static void exchange(InetSocketAddress address) throws IOException {
        try (Peer caller = Peer.connect(address)) {
            assertThat(caller.send("hello").receive(5)).isEqualTo("hello");
        }
    }

    @Test
    void a_chaos_without_a_service_has_no_thread_and_no_socket() throws IOException {
        assertThat(Belongings.now().socketsSince(before)).isEmpty();
        // the one that loads what a link will need goes by itself
        await().untilAsserted(
                        () -> assertThat(Belongings.now().threadsSince(before)).isEmpty());
    }

    @Test
    void an_idle_chaos_with_many_links_has_at_most_two_threads() throws IOException {
        for (int i = 0; i < 10; i++) {
            Service service = service("kv" + i);
            exchange(service.address());
            exchange(service.link(Link.PROBE, server.port()).address());
        }

        await().untilAsserted(
                        () -> assertThat(Belongings.now().threadsSince(before)).hasSizeLessThanOrEqualTo(2));
        assertThat(Belongings.now().threadsSince(before)).contains(IoThread.NAME);
    }

    @Test
    void nothing_is_left_of_a_chaos_that_was_closed_in_the_middle_of_faults() throws IOException {
        Service kv = service("kv");
        InetSocketAddress address = kv.address();
        List<Peer> callers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            callers.add(Peer.connect(address).send("hello"));
        }
        chaos.inject(new Latency(ofSeconds(30)), Target.of(kv));
        chaos.inject(new Bandwidth(new DataRate(0)), Target.of(kv));
        for (Peer caller : callers) {
            caller.send("held back");
        }
        chaos.inject(new ResetPeer(ofSeconds(30)), Target.of(kv));
        chaos.inject(new Blackhole(), Target.of(kv));
        chaos.inject(new Refuse(), Target.of(kv));

        chaos.close();

        assertThat(firedrillThreads()).isEmpty();
        assertThatThrownBy(() -> Peer.connect(address)).isInstanceOf(IOException.class);
        for (Peer caller : callers) {
            assertThat(caller.ending()).isNotNull();
            caller.close();
        }
        awaitNothingLeft();
    }

    @Test
    void nothing_is_left_of_a_chaos_that_was_closed_in_an_interrupted_thread() throws IOException {
        exchange(service("kv").address());

        Thread.currentThread().interrupt();
        chaos.close();

        assertThat(Thread.interrupted()).isTrue();
        awaitNothingLeft();
    }

    private List<String> firedrillThreads() throws IOException {
        return Belongings.now().threadsSince(before).stream()
                .filter(name -> name.startsWith("firedrill"))
                .toList();
    }

    /** The server needs a moment to see that its callers are gone, and Netty's global thread two to see that it is idle. */
    private void awaitNothingLeft() {
        await().atMost(ofSeconds(10)).untilAsserted(() -> {
            Belongings now = Belongings.now();
            assertThat(now.threadsSince(before)).isEmpty();
            assertThat(now.socketsSince(before)).isEmpty();
        });
    }

    @Test
    void nothing_is_left_of_a_scope_that_was_closed() throws IOException {
        Chaos scope = chaos.scope(List.of());
        Service kv = scope.service("kv", Upstream.at("127.0.0.1", server.port()));
        InetSocketAddress address = kv.address();
        exchange(address);
        Peer open = Peer.connect(address).send("hello");
        open.receive(5);

        scope.close();

        assertThatThrownBy(() -> Peer.connect(address)).isInstanceOf(IOException.class);
        assertThat(open.ending()).isEqualTo(Peer.Ending.FIN);
        open.close();
        await().untilAsserted(
                        () -> assertThat(Belongings.now().socketsSince(before)).hasSizeLessThanOrEqualTo(1));
        exchange(service("kv").address());
    }

    @Test
    void nothing_is_left_of_a_thousand_connections() throws IOException {
        Service kv = service("kv");
        exchange(kv.address());
        Belongings quiet = Belongings.now();
        List<Peer> callers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            callers.add(Peer.connect(kv.address()));
        }
        for (int i = 0; i < 1_000; i++) {
            callers.get(i).send("message " + i);
        }
        for (int i = 0; i < 1_000; i++) {
            String message = "message " + i;
            assertThat(callers.get(i).receive(message.length())).isEqualTo(message);
        }
        assertThat(kv.links().get(0).traffic().connections()).isEqualTo(1_001);
        for (int i = 0; i < 1_000; i++) {
            if (i % 2 == 0) {
                callers.get(i).close();
            } else {
                callers.get(i).reset();
            }
        }

        await().atMost(ofSeconds(10))
                .pollInterval(ofMillis(50))
                .untilAsserted(
                        () -> assertThat(Belongings.now().socketsSince(quiet)).isEmpty());
        exchange(kv.address());
    }
}
