package dev.firedrill.examples.spring;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.Drill;
import dev.firedrill.junit5.Kill;
import dev.firedrill.junit5.RecoversWithin;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Time-outs everywhere: the application gives up in time, and comes back by itself. */
class ContainerDatabaseIT extends SpringContainerShop {

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", () -> jdbc + "&connectTimeout=1&socketTimeout=1");
        registry.add("spring.datasource.hikari.connection-timeout", () -> "500");
        registry.add("spring.datasource.hikari.validation-timeout", () -> "250");
    }

    @Test
    @Kill(target = "postgres", lasting = "500ms")
    @RecoversWithin("15s")
    void a_killed_database_comes_back_to_the_same_pool(Drill drill) {
        drill.awaitActive();
        assertThatThrownBy(this::one).isInstanceOf(DataAccessException.class);
    }
}
