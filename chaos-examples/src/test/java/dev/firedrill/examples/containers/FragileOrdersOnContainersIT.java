package dev.firedrill.examples.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.Drill;
import dev.firedrill.Verdict;
import dev.firedrill.examples.quickstart.FragileOrderService;
import dev.firedrill.examples.quickstart.Orders;
import dev.firedrill.junit5.ExpectVerdict;
import dev.firedrill.junit5.Kill;
import dev.firedrill.junit5.Pause;
import dev.firedrill.junit5.RecoversWithin;
import dev.firedrill.junit5.SteadyState;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The fragile twins: one trusts the cache, the other has one connection for ever; each is caught. */
class FragileOrdersOnContainersIT extends ContainerShop {

    Orders orders;

    @SteadyState
    boolean orders_are_accepted() throws SQLException {
        return orders.place("fragile-probe", "book") == 12;
    }

    @AfterEach
    void close() {
        orders.close();
    }

    @Nested
    class With_a_cache_without_time_out {

        @BeforeEach
        void open() {
            orders = new TrustingOrderService(cache, database);
        }

        @Test
        @Pause(target = "redis")
        @RecoversWithin("5s")
        @ExpectVerdict(Verdict.BODY_FAILED)
        void a_frozen_cache_holds_the_customer_up(Drill drill) {
            assertThat(customers.submit(() -> drill.operation("place", () -> orders.place("held-up", "pen"))))
                    .succeedsWithin(Duration.ofSeconds(1));
        }
    }

    @Nested
    class With_one_connection {

        @BeforeEach
        void open() throws SQLException {
            orders = new FragileOrderService(database);
        }

        @Test
        @Kill(target = "postgres", lasting = "300ms")
        @RecoversWithin("5s")
        @ExpectVerdict(Verdict.NOT_RECOVERED)
        void a_killed_database_is_never_reached_again(Drill drill) {
            drill.awaitActive();
            assertThatThrownBy(() -> orders.place("lost", "pen")).isInstanceOf(SQLException.class);
        }
    }
}
