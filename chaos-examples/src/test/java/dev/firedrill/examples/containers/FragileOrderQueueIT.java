package dev.firedrill.examples.containers;

import dev.firedrill.Drill;
import dev.firedrill.Verdict;
import dev.firedrill.junit5.Blackhole;
import dev.firedrill.junit5.ExpectVerdict;
import dev.firedrill.junit5.RecoversWithin;
import dev.firedrill.junit5.ResetPeer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The fragile twins: a shop that does not wait for confirms, and a warehouse that connects once; each is caught. */
class FragileOrderQueueIT extends OrderQueue {

    @Nested
    class Without_confirms {

        @BeforeEach
        void open() throws Exception {
            news = OrderNews.unconfirmed(broker);
            warehouse = Warehouse.reconnecting(broker);
        }

        @Test
        @Blackhole(target = "rabbit")
        @RecoversWithin("10s")
        @ExpectVerdict(Verdict.INVARIANT_BROKEN)
        void news_are_lost_in_a_network_that_swallows_them(Drill drill) {
            send(drill, "lost-1");
            send(drill, "lost-2");
        }
    }

    @Nested
    class Without_reconnecting {

        @BeforeEach
        void open() throws Exception {
            news = OrderNews.confirmed(broker);
            warehouse = Warehouse.connectedOnce(broker);
        }

        @Test
        @ResetPeer(target = "rabbit", delay = "100ms", lasting = "500ms")
        @RecoversWithin("3s")
        @ExpectVerdict(Verdict.NOT_RECOVERED)
        void the_warehouse_hears_nothing_more(Drill drill) {
            send(drill, "heard"); // it is the delivery that starts the delay of the warehouse's connection
            drill.awaitHealed();
        }
    }
}
