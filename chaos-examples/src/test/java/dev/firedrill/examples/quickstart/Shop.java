package dev.firedrill.examples.quickstart;

import dev.firedrill.LocalProcess;
import dev.firedrill.Report;
import dev.firedrill.embedded.EmbeddedPostgres;
import dev.firedrill.embedded.EmbeddedRedis;
import dev.firedrill.junit5.ChaosService;
import dev.firedrill.junit5.Firedrill;
import dev.firedrill.junit5.ServiceUri;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** A shop's servers: real ones, started once for all drills. */
@Firedrill
abstract class Shop {

    @ChaosService
    static final LocalProcess redis = EmbeddedRedis.process();

    @ChaosService
    static final LocalProcess postgres = EmbeddedPostgres.database("shop");

    @ServiceUri(value = "redis", template = "redis://{host}:{port}")
    static URI cache;

    @ServiceUri(
            value = "postgres",
            template = "jdbc:postgresql://{host}:{port}/shop?user=postgres&connectTimeout=1&socketTimeout=2")
    static String database;

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
    void show(Report report) {
        System.out.println(report.line());
    }
}
