package dev.firedrill.examples.containers;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.firedrill.Drill;
import dev.firedrill.Verdict;
import dev.firedrill.junit5.ChaosService;
import dev.firedrill.junit5.ExpectVerdict;
import dev.firedrill.junit5.Firedrill;
import dev.firedrill.junit5.Kill;
import dev.firedrill.junit5.Latency;
import dev.firedrill.junit5.RecoversWithin;
import dev.firedrill.junit5.ServiceUri;
import dev.firedrill.junit5.SteadyState;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.Driver;
import org.slf4j.LoggerFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.PostgreSQLContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.MountableFile;
import redis.clients.jedis.RedisClient;

/**
 * The order service itself in a container: it calls Redis by its network alias and meets the faults that stand on that link,
 * while the test calls the service over a link of its own.
 */
@Firedrill
@Tag("docker")
class OrderServerIT {

    static final Network shop = Network.newNetwork(); // Testcontainers removes it when the JVM ends

    @ChaosService(port = 6379)
    static final GenericContainer<?> redis =
            new GenericContainer<>("redis:7.0").withNetwork(shop).withNetworkAliases("redis");

    @ChaosService
    @SuppressWarnings("deprecation") // the class that Testcontainers 1.21 and 2.0 both have
    static final PostgreSQLContainer<?> postgres = new PostgreSQLContainer<>("postgres:15")
            .withDatabaseName("shop")
            .withUsername("shop")
            .withPassword("secret")
            .withCopyToContainer(
                    Transferable.of("CREATE TABLE orders (id text PRIMARY KEY, item text, price bigint);"
                            + "CREATE TABLE items (name text PRIMARY KEY, price bigint);"
                            + "INSERT INTO items VALUES ('book', 12), ('pen', 3);"),
                    "/docker-entrypoint-initdb.d/shop.sql")
            .withNetwork(shop)
            .withNetworkAliases("postgres");

    @ChaosService(port = OrderServer.PORT)
    static final GenericContainer<?> orders = server("");

    @ChaosService(port = OrderServer.PORT)
    static final GenericContainer<?> trusting = server("trusting");

    static GenericContainer<?> server(String kind) {
        GenericContainer<?> server = new GenericContainer<>("eclipse-temurin:17-jre")
                .withNetwork(shop)
                .dependsOn(redis, postgres)
                .withCommand(
                        "java",
                        "-cp",
                        "/app/*:/app/classes",
                        OrderServer.class.getName(),
                        "jdbc:postgresql://postgres:5432/shop?user=shop&password=secret&connectTimeout=1&socketTimeout=2",
                        kind)
                .waitingFor(Wait.forLogMessage(".*orders are taken.*", 1));
        for (Class<?> each : List.of(
                OrderServer.class,
                RedisClient.class,
                GenericObjectPoolConfig.class,
                HikariDataSource.class,
                Driver.class,
                LoggerFactory.class)) {
            Path place = place(each);
            server.withCopyFileToContainer(MountableFile.forHostPath(place), "/app/" + place.getFileName());
        }
        return server;
    }

    /** The jar or the directory that a class comes from. */
    static Path place(Class<?> type) {
        return Path.of(URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    HttpResponse<String> place(URI server, String id) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(server.resolve("/orders/" + id + "/pen"))
                        .timeout(Duration.ofSeconds(1))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    @Nested
    class With_time_outs {

        @ServiceUri(value = "orders", template = "http://{host}:{port}")
        URI server;

        @SteadyState
        boolean orders_are_accepted() throws Exception {
            return place(server, "probe").statusCode() == 200;
        }

        @Test
        @Latency(target = "orders->redis", delay = "2s")
        @RecoversWithin("5s")
        void a_slow_cache_is_worked_around(Drill drill) throws Exception {
            assertThat(drill.operation("place", () -> place(server, "slow")).body())
                    .isEqualTo("3");
        }

        @Test
        @Kill(target = "redis", lasting = "500ms")
        @RecoversWithin("10s")
        void a_killed_cache_is_worked_around(Drill drill) throws Exception {
            assertThat(drill.operation("place", () -> place(server, "killed")).body())
                    .isEqualTo("3");
        }
    }

    @Nested
    class Without_time_outs {

        @ServiceUri(value = "trusting", template = "http://{host}:{port}")
        URI server;

        @SteadyState
        boolean orders_are_accepted() throws Exception {
            return place(server, "trusting-probe").statusCode() == 200;
        }

        @Test
        @Latency(target = "trusting->redis", delay = "2s")
        @RecoversWithin("10s")
        @ExpectVerdict(Verdict.BODY_FAILED)
        void a_slow_cache_holds_the_customer_up(Drill drill) throws Exception {
            assertThat(drill.operation("place", () -> place(server, "held-up")).statusCode())
                    .isEqualTo(200);
        }

        @Test
        @Latency(target = "orders->redis", delay = "2s")
        @RecoversWithin("10s")
        void what_slows_another_caller_does_not_reach_it(
                Drill drill, @ServiceUri(value = "orders", template = "http://{host}:{port}") URI other)
                throws Exception {
            assertThat(drill.operation("place", () -> place(other, "slow-apart"))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(drill.operation("place", () -> place(server, "apart")).statusCode())
                    .isEqualTo(200);
        }

        @Test
        @Kill(target = "redis", lasting = "500ms")
        @RecoversWithin("10s")
        @ExpectVerdict(Verdict.BODY_FAILED)
        void a_killed_cache_stops_orders(Drill drill) throws Exception {
            assertThat(drill.operation("place", () -> place(server, "stopped")).statusCode())
                    .isEqualTo(200);
        }
    }
}
