package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.history.History;
import dev.firedrill.history.Operation;
import dev.firedrill.history.Operation.Outcome;
import dev.firedrill.internal.SystemTime;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** What is known of an operation once it is over, or is not. */
class OperationTests {

    @TempDir
    Path home;

    LineServer server;
    Chaos chaos;
    Service kv;

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
        kv = chaos.service("kv", server.upstream());
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
    }

    /** A client's own class, known by its name only. */
    private static final class RedisCommandTimeoutException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    static Stream<Arguments> unknown() {
        return Stream.of(
                        new TimeoutException("t"),
                        new SocketTimeoutException("Read timed out"),
                        new SQLTimeoutException("t"),
                        new HttpTimeoutException("t"),
                        new HttpConnectTimeoutException("t"),
                        new RedisCommandTimeoutException(),
                        new ExecutionException(new TimeoutException("t")),
                        new JedisConnectionException(new SocketTimeoutException("Read timed out")),
                        new SocketException("Connection reset"),
                        new EOFException(),
                        new AsynchronousCloseException(),
                        new ClosedByInterruptException(),
                        new InterruptedException(),
                        new CancellationException(),
                        new JedisConnectionException(new SocketException("Broken pipe")),
                        new PSQLException("I/O error", PSQLState.CONNECTION_FAILURE, new EOFException()),
                        new SQLException("lost", "08007"),
                        new IllegalStateException(new IllegalArgumentException(new SocketException("reset"))))
                .map(each -> arguments(each, Outcome.UNKNOWN));
    }

    static Stream<Arguments> failed() {
        return Stream.of(
                        new IllegalStateException("no"),
                        new AssertionError("no"),
                        new IOException("no space left"),
                        new UnknownHostException("nowhere"),
                        // nobody heard of it
                        new ConnectException("Connection refused"),
                        new NoRouteToHostException("no route"),
                        new BindException("in use"),
                        new JedisConnectionException(new ConnectException("Connection refused")),
                        new PSQLException("refused", PSQLState.CONNECTION_UNABLE_TO_CONNECT),
                        new PSQLException("too many", PSQLState.CONNECTION_REJECTED),
                        // the server itself says that it did not do it
                        new JedisDataException("WRONGTYPE"),
                        new PSQLException("canceling statement", PSQLState.QUERY_CANCELED),
                        new PSQLException("duplicate key", PSQLState.UNIQUE_VIOLATION),
                        new SQLException("no state"))
                .map(each -> arguments(each, Outcome.FAILED));
    }

    @ParameterizedTest
    @MethodSource({"unknown", "failed"})
    void is_unknown_if_nobody_can_tell_whether_it_took_effect(Throwable failure, Outcome expected) {
        assertThat(Outcomes.of(failure)).isEqualTo(expected);
    }

    @Test
    void is_ok_without_a_failure_and_a_circle_of_causes_has_an_end() {
        assertThat(Outcomes.of(null)).isEqualTo(Outcome.OK);
        IllegalStateException one = new IllegalStateException("one");
        one.initCause(new IllegalStateException("two", one));
        assertThat(Outcomes.of(one)).isEqualTo(Outcome.FAILED);
    }

    @Test
    void real_clients_under_real_faults() {
        Report hanging = chaos.experiment("hanging").inject(new Blackhole(), kv).observe(this::ask);
        assertThat(hanging.history().named("ask").operations())
                .extracting(Operation::outcome, Operation::error)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(Outcome.UNKNOWN, "Read timed out"));
        Report reset = chaos.experiment("reset").inject(new ResetPeer(), kv).observe(this::ask);
        assertThat(reset.history().named("ask").with(Outcome.UNKNOWN).operations())
                .hasSize(1);
    }

    private void ask(Drill drill) {
        assertThatThrownBy(() -> drill.operation("ask", () -> LineServer.ask(kv.address(), "a", 100)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void eight_threads_record_at_once_and_nothing_is_lost() throws Exception {
        int each = 2_000;
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Report report = chaos.experiment("load")
                    .inject(new Latency(ofMillis(1)), kv)
                    .observe(drill -> {
                        LineServer.ask(kv.address(), "a");
                        List<Future<?>> workers = new ArrayList<>();
                        for (int worker = 0; worker < 8; worker++) {
                            String name = "worker " + worker;
                            workers.add(threads.submit(() -> {
                                for (int i = 0; i < each; i++) {
                                    int number = i;
                                    drill.operation(name, number, () -> -number);
                                }
                                return null;
                            }));
                        }
                        for (Future<?> future : workers) {
                            future.get(60, TimeUnit.SECONDS);
                        }
                    });

            nothingIsLost(report.history(), each);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void nothingIsLost(History history, int each) {
        assertThat(history.operations()).hasSize(1 + 8 * each);
        for (int i = 0; i < history.operations().size(); i++) {
            Operation operation = history.operations().get(i);
            assertThat(operation.index()).isEqualTo(i);
            assertThat(operation.took()).isGreaterThanOrEqualTo(ofMillis(0));
        }
        for (int worker = 0; worker < 8; worker++) {
            History own = history.named("worker " + worker);
            assertThat(own.acknowledged().inputs(Integer.class)).hasSize(each).isSorted();
            assertThat(own.outputs(Integer.class)).hasSize(each).first().isEqualTo(0);
        }
    }

    @Test
    void is_unknown_as_long_as_it_has_not_ended_and_no_error_yet() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicReference<Thread> background = new AtomicReference<>();
        Report report = chaos.experiment("endless")
                .inject(new Latency(ofMillis(1)), kv)
                .observe(drill -> {
                    LineServer.ask(kv.address(), "a");
                    Thread thread = new Thread(() -> {
                        try {
                            drill.operation("write", "x", () -> {
                                begun.countDown();
                                return end.await(20, TimeUnit.SECONDS);
                            });
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    });
                    background.set(thread);
                    thread.start();
                    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
                    drill.operation("read", () -> "y");
                });
        end.countDown();
        requireNonNull(background.get()).join(20_000);

        assertThat(report.verdict()).isEqualTo(Verdict.SURVIVED);
        Operation write = report.history().named("write").operations().get(0);
        assertThat(write.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(write.error()).isEqualTo("had not ended");
        assertThat(write.input()).isEqualTo("x");
        assertThat(write.end()).isGreaterThan(write.begin());
        assertThat(report.outcome().errors()).isZero();
    }

    @Test
    void without_a_name_is_refused() {
        Report report = chaos.experiment("nameless")
                .inject(new Latency(ofMillis(1)), kv)
                .observe(drill -> assertThatIllegalArgumentException()
                        .isThrownBy(() -> drill.operation(" ", () -> "x"))
                        .withMessage("operation: the name is blank; say what is done, such as \"pay\""));
        assertThat(report.cause()).isNull();
        assertThat(report.history().operations()).hasSize(1);
    }

    @Test
    void one_too_many_is_refused() {
        Recorder recorder = new Recorder("many", SystemTime.CLOCK, ofSeconds(5));
        for (int i = 0; i < Recorder.MAX_OPERATIONS; i++) {
            recorder.end(recorder.begin("o", null), null, null);
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> recorder.begin("o", null))
                .withMessage("more than 1000000 operations in one experiment; record fewer, or split the experiment");
        assertThat(recorder.history().operations()).hasSize(Recorder.MAX_OPERATIONS);
    }
}
