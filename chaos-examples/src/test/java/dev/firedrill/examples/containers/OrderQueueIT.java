package dev.firedrill.examples.containers;

import dev.firedrill.Drill;
import dev.firedrill.junit5.Blackhole;
import dev.firedrill.junit5.Kill;
import dev.firedrill.junit5.RecoversWithin;
import dev.firedrill.junit5.ResetPeer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The resilient shop and warehouse: confirmed news, and a connection that comes back. */
class OrderQueueIT extends OrderQueue {

    @BeforeEach
    void open() throws Exception {
        news = OrderNews.confirmed(broker);
        warehouse = Warehouse.reconnecting(broker);
    }

    @Test
    @Blackhole(target = "rabbit")
    @RecoversWithin("10s")
    void no_news_is_lost_in_a_network_that_swallows_it(Drill drill) {
        send(drill, "swallowed-1");
        send(drill, "swallowed-2");
    }

    @Test
    @ResetPeer(target = "rabbit", delay = "100ms", lasting = "500ms")
    @RecoversWithin("5s")
    void the_warehouse_connects_again(Drill drill) {
        send(drill, "heard"); // it is the delivery that starts the delay of the warehouse's connection
        drill.awaitHealed();
    }

    @Test
    @Kill(target = "rabbit", after = "200ms", lasting = "200ms")
    @RecoversWithin("20s")
    void news_outlive_the_broker(Drill drill) {
        send(drill, "before");
        drill.awaitActive();
        send(drill, "to-a-dead-connection");
        send(drill, "to-nobody");
    }
}
