package dev.firedrill.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.Drill;
import dev.firedrill.Verdict;
import dev.firedrill.junit5.ExpectVerdict;
import dev.firedrill.junit5.Kill;
import dev.firedrill.junit5.RecoversWithin;
import dev.firedrill.junit5.SteadyState;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fragile twin: it never comes back, and the drill says so. */
class FragileOrderQuickstartIT extends Shop {

    FragileOrderService orders;

    @BeforeEach
    void open() throws SQLException {
        orders = new FragileOrderService(database);
    }

    @SteadyState
    boolean orders_are_accepted() throws SQLException {
        return orders.place("fragile-probe", "book") == 12;
    }

    @Test
    @Kill(target = "postgres", lasting = "500ms")
    @RecoversWithin("5s")
    @ExpectVerdict(Verdict.NOT_RECOVERED)
    void a_connection_that_is_never_replaced_is_caught(Drill drill) {
        drill.awaitActive();
        assertThatThrownBy(() -> orders.place("fragile", "pen")).isInstanceOf(SQLException.class);
    }

    @AfterEach
    void close() {
        orders.close();
    }
}
