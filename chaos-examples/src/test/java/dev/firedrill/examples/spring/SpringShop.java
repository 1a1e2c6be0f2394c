package dev.firedrill.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.LocalProcess;
import dev.firedrill.embedded.EmbeddedPostgres;
import dev.firedrill.junit5.ChaosService;
import dev.firedrill.junit5.Firedrill;
import dev.firedrill.junit5.ServiceUri;
import dev.firedrill.junit5.SteadyState;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** One base for several test classes, which share Spring's cached context and so the link's address. */
@Firedrill
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE)
abstract class SpringShop {

    @ChaosService
    static final LocalProcess postgres = EmbeddedPostgres.database("shop");

    @ServiceUri(
            value = "postgres",
            template = "jdbc:postgresql://{host}:{port}/shop?user=postgres&connectTimeout=1&socketTimeout=2")
    static String jdbc;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.datasource.url", () -> jdbc);
        registry.add("spring.datasource.hikari.connection-timeout", () -> "500");
        registry.add("spring.datasource.hikari.validation-timeout", () -> "250");
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {

        static final AtomicInteger STARTS = new AtomicInteger();

        @Bean
        Started started() {
            return new Started(STARTS.incrementAndGet());
        }
    }

    record Started(int number) {}

    @Autowired
    JdbcTemplate database;

    @Autowired
    Started started;

    @SteadyState
    void database_answers() {
        assertThat(one()).isEqualTo(1);
    }

    Integer one() {
        return database.queryForObject("SELECT 1", Integer.class);
    }
}
