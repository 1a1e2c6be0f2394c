package dev.firedrill.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.Drill;
import dev.firedrill.junit5.Kill;
import dev.firedrill.junit5.RecoversWithin;
import org.junit.jupiter.api.RepeatedTest;
import org.springframework.dao.DataAccessException;

class KilledDatabaseIT extends SpringShop {

    @RepeatedTest(2)
    @Kill(target = "postgres", lasting = "500ms")
    @RecoversWithin("15s")
    void comes_back_to_the_same_pool(Drill drill) {
        drill.awaitActive();
        assertThatThrownBy(this::one).isInstanceOf(DataAccessException.class);
        assertThat(started.number()).isEqualTo(1);
    }
}
