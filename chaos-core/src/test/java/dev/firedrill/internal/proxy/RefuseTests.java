package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.Refuse;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RefuseTests {

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void resets_new_connections_before_a_byte() throws IOException {
        Injected refuse = rig.inject(new Refuse());

        assertThat(Peer.endingOfNew(rig.front().address())).isEqualTo(Ending.RST);
        assertThat(Peer.endingOfNew(rig.front().address())).isEqualTo(Ending.RST);

        assertThat(rig.server().isLeftAloneFor(ofMillis(100))).isTrue();
        assertThat(refuse.effects().ofTest()).isEqualTo(2);
        assertThat(refuse.effects().all()).isEqualTo(2);
    }

    @Test
    void leaves_open_connections_alone() throws IOException {
        Route open = rig.connect().exchange();
        Injected refuse = rig.inject(new Refuse());

        open.exchange();

        assertThat(refuse.effects().all()).isZero();
        refuse.heal();
        open.exchange();
    }

    @Test
    void healing_lets_new_connections_through() throws IOException {
        Injected refuse = rig.inject(new Refuse());
        assertThat(Peer.endingOfNew(rig.front().address())).isEqualTo(Ending.RST);

        refuse.heal();

        rig.connect().exchange();
        assertThat(refuse.effects().all()).isEqualTo(1);
    }

    @Test
    void counts_what_a_probe_meets_apart() throws IOException {
        Injected refuse = rig.inject(new Refuse());

        assertThat(Peer.endingOfNew(rig.probeFront().address())).isEqualTo(Ending.RST);

        assertThat(refuse.effects().ofProbes()).isEqualTo(1);
        assertThat(refuse.effects().all()).isEqualTo(1);
    }
}
