package dev.firedrill.examples.containers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.Drill;
import dev.firedrill.examples.quickstart.OrderService;
import dev.firedrill.history.History;
import dev.firedrill.junit5.Invariant;
import dev.firedrill.junit5.Kill;
import dev.firedrill.junit5.Latency;
import dev.firedrill.junit5.Pause;
import dev.firedrill.junit5.RecoversWithin;
import dev.firedrill.junit5.SteadyState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The quick start's order service on containers: every drill ends with RECOVERED. */
class OrdersOnContainersIT extends ContainerShop {

    final AtomicInteger bought = new AtomicInteger();
    OrderService orders;
    String run;

    @BeforeEach
    void open(TestInfo test) {
        orders = new OrderService(cache, database);
        run = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void close() {
        orders.close();
    }

    @SteadyState
    boolean orders_are_accepted() throws SQLException {
        return orders.place(run + "-probe", "book") == 12;
    }

    @SteadyState
    boolean the_cache_answers() {
        return orders.cacheAnswers();
    }

    @Invariant
    void no_acknowledged_order_is_lost(History history) throws SQLException {
        for (String id : history.named("place").acknowledged().inputs(String.class)) {
            assertThat(orders.isStored(id)).as(id).isTrue();
        }
    }

    private long place(Drill drill, String id) throws Exception {
        return drill.operation("place", id, () -> orders.place(id, "pen"));
    }

    @Test
    @Latency(target = "redis", delay = "300ms")
    @RecoversWithin("5s")
    void a_slow_cache_is_worked_around(Drill drill) throws Exception {
        for (int i = 0; i < 3; i++) {
            assertThat(place(drill, run + i)).isEqualTo(3);
        }
    }

    @Test
    @Pause(target = "redis")
    @RecoversWithin("5s")
    void a_frozen_cache_holds_no_customer_up(Drill drill) {
        assertThat(customers.submit(() -> place(drill, run))).succeedsWithin(Duration.ofSeconds(1));
    }

    @Test
    @Kill(target = "postgres", after = "300ms", lasting = "500ms")
    @RecoversWithin("15s")
    void postgres_is_killed_in_the_middle_of_writes(Drill drill) {
        for (int i = 0; i < 3; i++) {
            String customer = run + "-" + i;
            customers.execute(() -> buy(drill, customer));
        }
        drill.awaitHealed(); // started again, and recovering from its log
        customers.shutdown();
        assertThat(bought).hasValueGreaterThan(3);
    }

    private void buy(Drill drill, String customer) {
        for (int i = 0; !customers.isShutdown(); i++) {
            try {
                place(drill, customer + "-" + i);
                bought.incrementAndGet();
            } catch (Exception e) {
                // not acknowledged: the customer goes on with the next one
            }
        }
    }
}
