package dev.firedrill.examples.containers;

import dev.firedrill.junit5.ChaosService;
import dev.firedrill.junit5.Firedrill;
import dev.firedrill.junit5.ServiceUri;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.PostgreSQLContainer;

/** A shop's servers in containers, started once for all classes that inherit them. */
@Firedrill
@Tag("docker")
abstract class ContainerShop {

    @ChaosService(port = 6379)
    static final GenericContainer<?> redis = new GenericContainer<>("redis:7.0");

    @ChaosService
    @SuppressWarnings("deprecation") // the class that Testcontainers 1.21 and 2.0 both have
    static final PostgreSQLContainer<?> postgres = new PostgreSQLContainer<>("postgres:15")
            .withDatabaseName("shop")
            .withUsername("shop")
            .withPassword("secret");

    @ServiceUri(value = "redis", template = "redis://{host}:{port}")
    static URI cache;

    @ServiceUri(
            value = "postgres",
            template =
                    "jdbc:postgresql://{host}:{port}/shop?user=shop&password=secret&connectTimeout=1&socketTimeout=2")
    static String database;

    final ExecutorService customers = Executors.newFixedThreadPool(3);

    @BeforeAll
    static void fill() throws SQLException {
        try (Connection connection = DriverManager.getConnection(database);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS orders (id text PRIMARY KEY, item text, price bigint)");
            statement.execute("CREATE TABLE IF NOT EXISTS items (name text PRIMARY KEY, price bigint)");
            statement.execute("INSERT INTO items VALUES ('book', 12), ('pen', 3) ON CONFLICT DO NOTHING");
        }
    }

    @AfterEach
    void send_customers_home() throws InterruptedException {
        customers.shutdownNow();
        Assertions.assertThat(customers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
}
