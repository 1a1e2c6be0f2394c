package dev.firedrill;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.firedrill.embedded.EmbeddedPostgres;
import dev.firedrill.fault.KillBeforeReply;
import dev.firedrill.fault.Messages;
import dev.firedrill.schedule.Schedule;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The outage in which an order is placed twice: it was carried out, and whoever placed it never heard. */
class KillBeforeReplyIT {

    private static final KillBeforeReply ON_INSERT = new KillBeforeReply(Messages.ALL.matching("INSERT INTO orders"));

    @TempDir
    Path home;

    Chaos chaos;
    Service postgres;

    @BeforeEach
    void start() throws SQLException {
        chaos = Chaos.builder().seed(11).home(home).reports(null).start();
        postgres = chaos.service("pg", EmbeddedPostgres.process());
        execute("CREATE TABLE orders (item text)");
    }

    @AfterEach
    void end() {
        chaos.close();
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection(postgres.fill(
                "jdbc:postgresql://{host}:{port}/postgres?user=postgres&connectTimeout=5&socketTimeout=10"));
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int orders() throws SQLException {
        return count("orders");
    }

    private int count(String table) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM " + table)) {
            result.next();
            return result.getInt(1);
        }
    }

    private Experiment.Builder experiment() {
        return chaos.experiment("orders")
                .steadyState("the database answers", () -> orders() >= 0)
                .recoversWithin(ofSeconds(30));
    }

    @Test
    void what_was_asked_for_is_done_and_whoever_asked_never_hears() throws SQLException {
        Report report = experiment().inject(ON_INSERT, postgres).run(drill -> {
            execute("CREATE TABLE spared (item text)");
            assertThatThrownBy(() -> execute("INSERT INTO orders VALUES ('book')"))
                    .isInstanceOf(SQLException.class);
        });

        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        assertThat(orders()).isEqualTo(1);
        assertThat(postgres.nodes().get(0).incarnations()).hasSize(2);
    }

    @Test
    void what_is_only_prepared_is_not_done_yet() throws SQLException {
        execute("CREATE TABLE priced (id serial, item text)");
        Report report = experiment()
                .inject(new KillBeforeReply(Messages.ALL.matching("INSERT INTO priced")), postgres)
                .run(drill -> assertThatThrownBy(() -> {
                            try (Connection connection = connection();
                                    PreparedStatement insert = connection.prepareStatement(
                                            "INSERT INTO priced(item) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
                                for (String item : List.of("book", "lamp")) {
                                    insert.setString(1, item);
                                    insert.addBatch();
                                }
                                insert.executeBatch(); // which describes the statement first
                            }
                        })
                        .isInstanceOf(SQLException.class));

        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        assertThat(count("priced")).as("at least the first is there").isPositive();
    }

    @Test
    void a_notice_is_no_answer() throws SQLException {
        execute("CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN RAISE NOTICE ''wait''; PERFORM pg_sleep(0.3); RETURN NEW; END'");
        execute("CREATE TRIGGER tell BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION tell()");
        Report report = experiment()
                .inject(ON_INSERT, postgres)
                .run(drill -> assertThatThrownBy(() -> execute("INSERT INTO orders VALUES ('book')"))
                        .isInstanceOf(SQLException.class));

        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        assertThat(orders()).isEqualTo(1);
    }

    @Test
    void a_client_that_sends_again_without_thinking_is_caught() throws SQLException {
        AtomicInteger asked = new AtomicInteger();
        Report report = experiment()
                .invariant("an order is placed once", history -> orders() == 1)
                .inject(ON_INSERT, Target.parse("pg"), Schedule.now().nth(1).lasting(ofSeconds(1)))
                .observe(drill -> {
                    while (asked.getAndIncrement() < 10) {
                        try {
                            execute("INSERT INTO orders VALUES ('book')");
                            return;
                        } catch (SQLException e) {
                            drill.awaitHealed();
                            // it accepts connections before it has recovered
                            await().ignoreExceptions().atMost(ofSeconds(60)).until(() -> orders() >= 0);
                        }
                    }
                });

        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.INVARIANT_BROKEN);
        assertThat(orders()).isEqualTo(2);
    }

    @Test
    void without_such_a_request_nobody_dies_and_nothing_is_proven() {
        Report report =
                experiment().inject(ON_INSERT, postgres).observe(drill -> execute("CREATE TABLE spared (item text)"));

        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.text()).contains("no request was meant by");
        assertThat(postgres.nodes().get(0).incarnations()).hasSize(1);
    }

    @Test
    void somebody_elses_server_is_not_killed() {
        Service other = chaos.service(
                "other", Upstream.at("127.0.0.1", postgres.address().getPort()));

        assertThatThrownBy(() -> experiment().inject(ON_INSERT, other).run(drill -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no engine can make kill-before-reply on other:\n"
                        + "  node: other is somebody else's server, which Firedrill did not start and will not kill;"
                        + " declare it as a LocalProcess or a container, or use a link fault such as blackhole or"
                        + " reset-peer");
    }

    @Test
    void an_unknown_protocol_is_told_before_anything_is_touched() {
        KillBeforeReply unknown = new KillBeforeReply(Messages.ALL.framed("smtp"));

        assertThatThrownBy(() -> experiment().inject(unknown, postgres).run(drill -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("framing \"smtp\"");
    }
}
