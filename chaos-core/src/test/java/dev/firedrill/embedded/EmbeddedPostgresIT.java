package dev.firedrill.embedded;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.firedrill.Chaos;
import dev.firedrill.Drill;
import dev.firedrill.Incarnation;
import dev.firedrill.Machine;
import dev.firedrill.Node;
import dev.firedrill.Report;
import dev.firedrill.Service;
import dev.firedrill.Target;
import dev.firedrill.Verdict;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Stop;
import dev.firedrill.history.History;
import dev.firedrill.probe.Probe;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL through everything that can be done to a node; its clients keep one address. */
class EmbeddedPostgresIT {

    @TempDir
    Path home;

    Chaos chaos;
    Service pg;

    @BeforeEach
    void start() {
        chaos = Chaos.builder()
                .seed(7)
                .home(home.resolve("home"))
                .reports(home.resolve("reports"))
                .start();
        pg = chaos.service("pg", EmbeddedPostgres.database("shop"));
    }

    @AfterEach
    void stop_and_leave_nothing() {
        List<Long> tree = Machine.tree(Machine.pid(node()));
        chaos.close();
        assertThat(tree).noneMatch(Machine::isAlive);
        assertThat(Machine.directories(home.resolve("home"))).isEmpty();
        assertThat(Machine.journals(home.resolve("home"))).isEmpty();
    }

    private Node node() {
        return pg.nodes().get(0);
    }

    private Connection connect(String properties) throws SQLException {
        return DriverManager.getConnection(pg.fill("jdbc:postgresql://{host}:{port}/shop?user=postgres" + properties));
    }

    private HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(pg.fill("jdbc:postgresql://{host}:{port}/shop?user=postgres&socketTimeout=2"));
        config.setMaximumPoolSize(2);
        config.setConnectionTimeout(500);
        return new HikariDataSource(config);
    }

    private static void run(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Set<Integer> numbers(DataSource source) throws SQLException {
        Set<Integer> numbers = new HashSet<>();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select id from orders")) {
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
        }
        return numbers;
    }

    private static boolean holdsAll(DataSource source, History history) throws SQLException {
        List<Object> acknowledged = history.named("order").acknowledged().operations().stream()
                .map(operation -> operation.input())
                .toList();
        assertThat(numbers(source))
                .containsAll(acknowledged.stream().map(Integer.class::cast).toList());
        return true;
    }

    @Test
    void acknowledged_orders_survive_kills_in_the_middle_of_writes() throws SQLException {
        int port = pg.address().getPort();
        try (HikariDataSource source = pool()) {
            run(source, "create table orders (id int primary key)");
            for (int round = 0; round < 4; round++) {
                int first = round * 100_000;
                Report report = chaos.experiment("kill " + round)
                        .steadyState(SteadyState.of("orders can be read", Probe.of(() -> numbers(source)))
                                .every(ofMillis(50)))
                        .inject(
                                new Kill(),
                                pg,
                                Schedule.now().on("written").after(ofMillis(50)).lasting(ofMillis(200)))
                        .invariant("no acknowledged order is lost", history -> holdsAll(source, history))
                        .recoversWithin(ofSeconds(20))
                        .run(drill -> {
                            drill.operation("order", first, () -> order(source, first));
                            drill.trigger("written");
                            int next = first + 1;
                            while (tryOrder(drill, source, next)) {
                                next++; // until the first that meets the kill
                            }
                        });
                assertThat(report.verdict()).isEqualTo(Verdict.RECOVERED);
                assertThat(report.history().named("order").acknowledged().operations())
                        .isNotEmpty();
            }
        }
        assertThat(pg.address().getPort()).isEqualTo(port);
        assertThat(node().incarnations())
                .extracting(Incarnation::ending)
                .containsExactly("killed", "killed", "killed", "killed", "");
        assertThat(node().output(1_000)).anyMatch(line -> line.contains("automatic recovery in progress"));
    }

    private static int order(DataSource source, int id) throws SQLException {
        run(source, "insert into orders values (" + id + ")");
        return id;
    }

    private static boolean tryOrder(Drill drill, DataSource source, int id) throws Exception {
        try {
            drill.operation("order", id, () -> order(source, id));
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    @Test
    void a_stop_is_a_fast_shutdown_that_ends_the_sessions() throws SQLException {
        try (Connection session = connect("")) {
            assertThat(session.isValid(2)).isTrue();
            try (ActiveFault down = chaos.inject(new Stop(), Target.of(pg))) {
                assertThat(down).isNotNull();
                assertThat(session.isValid(2)).isFalse();
                assertThatThrownBy(() -> connect("&connectTimeout=2").close()).isInstanceOf(SQLException.class);
            }
        }
        awaitReady();
        connect("").close();
        assertThat(node().incarnations()).extracting(Incarnation::ending).containsExactly("exit code 0", "");
        assertThat(node().output(100)).noneMatch(line -> line.contains("automatic recovery"));
    }

    @Test
    void a_query_waits_in_a_frozen_server_and_is_answered_after_all() throws Exception {
        try (Connection session = connect("");
                Statement statement = session.createStatement()) {
            statement.execute("select 1");
            CompletableFuture<Boolean> answer;
            try (ActiveFault frozen = chaos.inject(new Pause(), Target.of(pg))) {
                assertThat(frozen).isNotNull();
                assertThat(Machine.tree(Machine.pid(node()))).allMatch(pid -> Machine.state(pid) == 'T');
                answer = CompletableFuture.supplyAsync(() -> executes(statement));
                assertThatThrownBy(() -> connect("&socketTimeout=1").close()).isInstanceOf(SQLException.class);
                assertThat(answer).isNotDone();
            }
            assertThat(answer.get(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static boolean executes(Statement statement) {
        try {
            return statement.execute("select 1");
        } catch (SQLException e) {
            return false;
        }
    }

    @Test
    void it_is_ready_when_it_takes_sessions_and_not_when_it_accepts_connections() throws Exception {
        try (Connection session = connect("");
                Statement statement = session.createStatement()) {
            statement.execute("create table big as select g as id, repeat('x', 500) as text"
                    + " from generate_series(1, 100000) g");
        }
        for (int round = 0; round < 5; round++) {
            chaos.inject(new Kill(), Target.of(pg)).heal();
            awaitReady();
            connect("&connectTimeout=2").close(); // at once: never "the database system is starting up"
        }
    }

    private void awaitReady() {
        await().pollInterval(ofMillis(1)).atMost(ofSeconds(30)).until(() -> node().state() == Node.State.READY);
    }

    @Test
    void a_backend_that_crashes_is_the_servers_affair() throws Exception {
        try (Connection session = connect("");
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            ProcessHandle.of(row.getLong(1)).orElseThrow().destroyForcibly();
        }
        await().atMost(ofSeconds(20)).until(this::takesSessions);
        assertThat(node().incarnations()).hasSize(1);
    }

    private boolean takesSessions() {
        try (Connection session = connect("&connectTimeout=2")) {
            return session.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    @Test
    void it_listens_on_127_0_0_1_only_and_leaves_no_shared_memory() throws Exception {
        try (Connection session = connect("");
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("select current_setting('listen_addresses')"
                        + " || current_setting('unix_socket_directories'), current_user, current_setting('fsync'),"
                        + " current_setting('server_encoding')")) {
            row.next();
            assertThat(List.of(row.getString(1), row.getString(2), row.getString(3), row.getString(4)))
                    .containsExactly("127.0.0.1", "postgres", "on", "UTF8");
        }
        chaos.inject(new Kill(), Target.of(pg)).heal();
        awaitReady();
        long pid = Machine.pid(node());
        assertThat(Files.readString(Path.of("/proc/sysvipc/shm")).lines())
                .as("header only")
                .noneMatch(line -> line.contains(" " + pid + " "));
    }

    @Test
    void several_run_side_by_side() throws SQLException {
        Service two = chaos.service(
                "two", EmbeddedPostgres.process(), EmbeddedPostgres.process().args("-c", "max_connections=7"));
        try (Connection connection = DriverManager.getConnection(
                        two.nodes().get(1).fill("jdbc:postgresql://{host}:{port}/postgres?user=postgres", "test"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show max_connections")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(7);
        }
    }
}
