package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.HalfOpen;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.spi.Resolved;
import dev.firedrill.spi.Support;
import dev.firedrill.spi.UndoRecord;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the engine promises to core, and what it says no to. */
class EmbeddedProxyTests {

    private static final Resolved ANYTHING = new Resolved(List.of(), List.of());

    @RegisterExtension
    final Rig rig = new Rig();

    private record Unheard() implements Fault {

        @Override
        public String kind() {
            return "unheard";
        }

        @Override
        public Place place() {
            return Place.LINK;
        }
    }

    @Test
    void makes_every_fault_on_links() {
        for (Fault fault : List.of(
                new Latency(ofMillis(1)),
                new Bandwidth(new DataRate(1)),
                new ResetPeer(),
                new Blackhole(),
                new Refuse(),
                new Slice(1),
                new LimitData(1),
                new SlowClose(ofMillis(1)),
                new Disconnect(ofMillis(1)),
                new HalfOpen(),
                new PacketLoss(0.1),
                new SlowConnect(ofMillis(1)))) {
            assertThat(rig.proxy().supports(fault, ANYTHING)).isEqualTo(Support.YES);
        }
    }

    @Test
    void says_what_would_make_the_faults_that_it_does_not() {
        assertThat(rig.proxy().supports(new Kill(), ANYTHING).reason())
                .isEqualTo(
                        "the embedded proxy carries links only; kill acts on a node and needs an engine that holds it,"
                                + " such as the one of a service that Firedrill starts");
        assertThat(rig.proxy().supports(new Unheard(), ANYTHING).reason())
                .isEqualTo("the embedded proxy does not know unheard; register an engine of your own that makes it on"
                        + " links");
        assertThatThrownBy(() -> rig.inject(new Unheard()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1-unheard: the embedded proxy does not know unheard; register an engine of your own that"
                        + " makes it on links");
    }

    @Test
    void puts_a_fault_on_all_links_or_on_none() throws IOException {
        rig.probeFront().close();

        assertThatThrownBy(() -> rig.inject(new Refuse()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1-refuse: link probe->kv is not open on the embedded proxy; open are [test->kv]");

        rig.connect().exchange();
    }

    @Test
    void leaves_nothing_to_undo_for_a_later_run() {
        assertThat(rig.proxy().undo(UndoRecord.DIES_WITH_JVM)).isEmpty();
        assertThat(rig.proxy().name()).isEqualTo("embedded");
    }

    @Test
    void a_closed_front_takes_what_core_still_asks_of_it() {
        rig.proxy().close();

        rig.front().countAnew();
        rig.front().close();
        assertThat(rig.front().traffic().connections()).isZero();
    }
}
