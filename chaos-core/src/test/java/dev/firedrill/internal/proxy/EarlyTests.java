package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.BareLinks;
import dev.firedrill.Link;
import dev.firedrill.internal.Front;
import dev.firedrill.internal.Front.Sight;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.spi.Effects;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a caller does before it is known where its link leads. */
class EarlyTests {

    @RegisterExtension
    final Rig rig = new Rig();

    final CountDownLatch known = new CountDownLatch(1);
    Front front;
    Peer caller;

    @BeforeEach
    void call() throws IOException {
        front = rig.proxy().open(BareLinks.link(rig.proxy(), Link.TEST, "slow"), this::find);
        caller = rig.callerOf(front);
    }

    private InetSocketAddress find() {
        try {
            known.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return rig.server().address();
    }

    @AfterEach
    void find_the_way_at_last() {
        known.countDown();
    }

    private Peer service() throws IOException {
        rig.connect().exchange(); // the proxy's thread has seen what happened before
        known.countDown();
        return rig.server().accepted();
    }

    @Test
    void an_end_is_passed_on() throws IOException {
        caller.finish();

        Peer service = service();

        assertThat(service.ending()).isEqualTo(Ending.FIN);
        service.send("bye").finish();
        assertThat(caller.receive(3)).isEqualTo("bye");
        assertThat(caller.ending()).isEqualTo(Ending.FIN);
    }

    @Test
    void bytes_are_passed_on_before_their_end() throws IOException {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        caller.send(bytes).finish();

        Peer service = service();

        assertThat(service.receiveBytes(Integer.MAX_VALUE)).isEqualTo(bytes);
        assertThat(front.traffic().upstream()).isEqualTo(bytes.length);
        service.send("bye");
        assertThat(caller.receive(3)).isEqualTo("bye");
    }

    @Test
    void a_reset_is_passed_on() throws IOException {
        caller.send("hello").reset();

        assertThat(service().ending()).isEqualTo(Ending.RST);
    }

    @Test
    void bytes_and_their_end_are_lost_on_a_silent_link() throws IOException {
        caller.send("hello").finish();
        rig.connect().exchange();

        front.show(Sight.SILENT, Effects.NONE);

        rig.connect().exchange();
        assertThat(front.traffic().upstream()).isEqualTo(5);
        assertThat(rig.server().isLeftAloneFor(ofMillis(50))).isTrue();
    }
}
