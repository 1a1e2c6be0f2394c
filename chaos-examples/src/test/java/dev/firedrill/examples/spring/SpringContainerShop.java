package dev.firedrill.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.Drill;
import dev.firedrill.junit5.Blackhole;
import dev.firedrill.junit5.ChaosService;
import dev.firedrill.junit5.Firedrill;
import dev.firedrill.junit5.RecoversWithin;
import dev.firedrill.junit5.ServiceUri;
import dev.firedrill.junit5.SteadyState;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.testcontainers.containers.PostgreSQLContainer;

/** A Spring Boot application with a database in a container; what tells the twins apart is their settings alone. */
@Firedrill
@Tag("docker")
@SpringBootTest(classes = SpringContainerShop.Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE)
abstract class SpringContainerShop {

    @ChaosService // without @ServiceConnection, which would lead Spring round the link
    @SuppressWarnings("deprecation") // the class that Testcontainers 1.21 and 2.0 both have
    static final PostgreSQLContainer<?> postgres = new PostgreSQLContainer<>("postgres:15").withDatabaseName("shop");

    @ServiceUri(value = "postgres", template = "jdbc:postgresql://{host}:{port}/shop?user=test&password=test")
    static String jdbc;

    @EnableAutoConfiguration
    static class Application {}

    final ExecutorService customer = Executors.newSingleThreadExecutor();

    @Autowired
    JdbcTemplate database;

    @SteadyState
    void database_answers() {
        assertThat(one()).isEqualTo(1);
    }

    Integer one() {
        return database.queryForObject("SELECT 1", Integer.class);
    }

    @Test
    @Blackhole(target = "postgres")
    @RecoversWithin("10s")
    void a_database_that_says_nothing_is_given_up(Drill drill) {
        assertThat(customer.submit(() -> drill.operation("query", this::one)))
                .failsWithin(Duration.ofSeconds(3))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(DataAccessException.class);
    }

    @AfterEach
    void send_the_customer_home() {
        customer.shutdownNow();
    }
}
