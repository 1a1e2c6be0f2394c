package dev.firedrill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.firedrill.embedded.EmbeddedPostgres;
import dev.firedrill.embedded.EmbeddedRedis;
import dev.firedrill.fault.Corrupt;
import dev.firedrill.fault.Corrupt.How;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.DropMessage;
import dev.firedrill.fault.Duplicate;
import dev.firedrill.fault.Messages;
import dev.firedrill.report.Finding;
import dev.firedrill.schedule.Schedule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** Real clients and servers take changed messages for good ones. */
class MessageFaultsIT {

    private static final String TEXT = "an order of three books for 42 euros";

    @TempDir
    static Path home;

    static Chaos chaos;
    static Service redis;
    static Service postgres;

    @BeforeAll
    static void start() {
        chaos = Chaos.builder().seed(11).home(home).reports(null).start();
        redis = chaos.service("redis", EmbeddedRedis.process());
        postgres = chaos.service("pg", EmbeddedPostgres.process());
    }

    @AfterAll
    static void end() {
        chaos.close();
    }

    private static Jedis jedis() {
        InetSocketAddress address = redis.address();
        return new Jedis(address.getHostString(), address.getPort(), 1_000);
    }

    private static Connection connection() throws Exception {
        return DriverManager.getConnection(postgres.fill("jdbc:postgresql://{host}:{port}/postgres?user=postgres"));
    }

    private static Report survived(Report report) {
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.SURVIVED);
        return report;
    }

    @ParameterizedTest
    @EnumSource
    void redis_stores_a_changed_value(How how) {
        try (Jedis early = jedis()) {
            early.set("order", TEXT); // on a connection that was open before
            Report report = survived(chaos.experiment("corrupt")
                    .inject(new Corrupt(how, Messages.ALL.command("SET")), Target.of(redis), Schedule.now())
                    .observe(drill -> assertThat(early.set("order", TEXT)).isEqualTo("OK")));
            assertThat(report.findings())
                    .as("what is changed depends on the connection's number")
                    .anyMatch(each -> each.kind() == Finding.Kind.NOT_REPLAYABLE);
            assertThat(early.get("order")).isNotEqualTo(TEXT).matches("[ -~]*");
        }
    }

    @Test
    void redis_replies_change() {
        try (Jedis jedis = jedis()) {
            jedis.set("order", TEXT);
            survived(chaos.experiment("corrupt")
                    .inject(
                            new Corrupt(How.TRUNCATE, Messages.ALL, Direction.DOWNSTREAM),
                            Target.of(redis),
                            Schedule.now())
                    .observe(drill ->
                            assertThat(TEXT).startsWith(jedis.get("order")).isNotEqualTo(jedis.get("order"))));
            assertThat(jedis.get("order")).as("only on the way").isEqualTo(TEXT);
        }
    }

    @Test
    void redis_counts_twice_what_is_not_idempotent_and_never_what_is_lost() {
        try (Jedis jedis = jedis()) {
            jedis.set("count", "0");
            chaos.experiment("twice")
                    .inject(new Duplicate(Messages.ALL.command("INCR")), Target.of(redis), Schedule.now())
                    .observe(drill -> jedis.incr("count"));
        }
        try (Jedis jedis = jedis()) {
            assertThat(jedis.get("count")).isEqualTo("2");
            survived(chaos.experiment("lost")
                    .inject(new DropMessage(Messages.ALL.command("INCR")), Target.of(redis), Schedule.now())
                    .observe(drill -> assertThatThrownBy(() -> jedis.incr("count"))
                            .isInstanceOf(JedisConnectionException.class)));
        }
        try (Jedis jedis = jedis()) {
            assertThat(jedis.get("count")).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void postgresql_rows_change(How how) throws Exception {
        try (Connection connection = connection();
                PreparedStatement select = connection.prepareStatement("select ?::text")) {
            select.setString(1, TEXT);
            survived(chaos.experiment("corrupt")
                    .inject(
                            new Corrupt(how, Messages.ALL.command("DataRow"), Direction.DOWNSTREAM),
                            Target.of(postgres),
                            Schedule.now())
                    .observe(
                            drill -> assertThat(text(select)).isNotEqualTo(TEXT).matches("[ -~]*")));
            assertThat(text(select)).as("the connection goes on").isEqualTo(TEXT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void postgresql_stores_a_changed_parameter(How how) throws Exception {
        survived(chaos.experiment("corrupt")
                .inject(new Corrupt(how, Messages.ALL.command("Bind")), Target.of(postgres), Schedule.now())
                .observe(drill -> {
                    try (Connection connection = connection(); // opened under the fault, with its start in clear
                            PreparedStatement select = connection.prepareStatement("select ?::text")) {
                        select.setString(1, TEXT);
                        assertThat(text(select)).isNotEqualTo(TEXT).matches("[ -~]*");
                    }
                }));
    }

    private static String text(PreparedStatement select) throws Exception {
        try (ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getString(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void http_bodies_change(How how) throws Exception {
        Queue<String> stored = new ConcurrentLinkedQueue<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            stored.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(200, how == How.GARBLE ? 0 : TEXT.length()); // 0 is chunked
            exchange.getResponseBody().write(TEXT.getBytes(UTF_8));
            exchange.close();
        });
        server.start();
        try (Chaos own = Chaos.builder().seed(11).home(home).reports(null).start()) {
            Service http = own.service(
                    "http", Upstream.at("127.0.0.1", server.getAddress().getPort()));
            HttpRequest request = HttpRequest.newBuilder(URI.create(http.fill("http://{host}:{port}/")))
                    .timeout(ofSeconds(5))
                    .POST(HttpRequest.BodyPublishers.ofString(TEXT))
                    .build();
            survived(own.experiment("corrupt")
                    .inject(new Corrupt(how, Messages.ALL, Direction.BOTH), Target.of(http), Schedule.now())
                    .observe(drill -> {
                        String answer = HttpClient.newHttpClient()
                                .send(request, BodyHandlers.ofString())
                                .body();
                        assertThat(answer).isNotEqualTo(TEXT).matches("[ -~]*");
                    }));
            assertThat(stored).singleElement().asString().isNotEqualTo(TEXT).matches("[ -~]*");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void what_can_not_be_read_is_said_in_the_report() throws Exception {
        Report report = chaos.experiment("unread")
                .inject(new DropMessage(Messages.ALL.framed("postgresql")), Target.of(redis), Schedule.now())
                .observe(drill -> {
                    try (Jedis jedis = jedis()) {
                        assertThat(jedis.ping()).isEqualTo("PONG");
                    }
                });
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.findings())
                .filteredOn(each -> each.kind() == Finding.Kind.NOTE)
                .extracting(Finding::text)
                .singleElement()
                .asString()
                .startsWith("a part of what test->redis carries upstream could not be read as postgresql: ")
                .endsWith("; it passed unharmed");
        assertThat(report.findings().get(0).text())
                .contains("; it passed unharmed: name the framing that the service speaks, or remove");
    }

    @Test
    void a_message_that_nobody_sent_is_no_effect_and_the_text_says_which_was_meant() throws Exception {
        Report report = chaos.experiment("none")
                .inject(
                        new DropMessage(Messages.ALL.command("HSET")),
                        Target.of(redis),
                        Schedule.now().lasting(ofMillis(500)))
                .observe(drill -> {
                    try (Jedis jedis = jedis()) {
                        jedis.ping();
                    }
                });
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.findings().get(0).text())
                .contains(
                        "no request was meant by command HSET: let the body send one, set direction = DOWNSTREAM if it is a reply");
        assertThat(List.of(report.steps().get(0).effects())).containsExactly(0L);
    }
}
