package dev.firedrill;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.fault.Latency;
import dev.firedrill.spi.ActiveFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Declared, started once, ended once; and what is refused in between. */
class ServiceTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path home;

    LineServer server;
    Chaos chaos;
    ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
    }

    @AfterEach
    void stop() throws Exception {
        chaos.close();
        server.close();
        threads.shutdownNow();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void an_experiment_can_be_planned_before_the_service_is_started_but_not_begun() throws IOException {
        Service kv = chaos.declare("kv", server.upstream());
        Experiment experiment =
                chaos.experiment("slow kv").inject(new Latency(ofMillis(5)), kv).build();

        assertThatIllegalStateException()
                .isThrownBy(experiment::begin)
                .withMessage("experiment slow kv: service kv has not been started; call its start() first");
        assertThatIllegalStateException()
                .isThrownBy(kv::address)
                .withMessage("link test->kv is not open: service kv has not been started; call its start() first");
        assertThatIllegalStateException()
                .isThrownBy(() -> chaos.inject(new Latency(ofMillis(5)), Target.of(kv)))
                .withMessage("inject latency on kv: service kv has not been started; call its start() first");

        kv.start();
        Report report = experiment.run(drill -> LineServer.ask(kv.address(), "a"));
        assertThat(report.verdict()).isEqualTo(Verdict.SURVIVED);
    }

    @Test
    void a_plan_is_checked_though_nothing_is_started() {
        chaos.declare("kv", server.upstream());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chaos.experiment("bad")
                        .inject(new Latency(ofMillis(5)), Target.parse("kw"), dev.firedrill.schedule.Schedule.now())
                        .build())
                .withMessage("unknown target \"kw\"; known, the nearest first: kv");
    }

    @Test
    void two_threads_that_start_a_service_start_it_once() throws Exception {
        AtomicInteger setups = new AtomicInteger();
        Service kv = chaos.declare("kv", LineProcess.spec().setup(directory -> setups.incrementAndGet()));
        CyclicBarrier together = new CyclicBarrier(2);
        List<Future<Service>> starts = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            starts.add(threads.submit(() -> {
                together.await(20, TimeUnit.SECONDS);
                return kv.start();
            }));
        }
        for (Future<Service> each : starts) {
            assertThat(get(each)).isSameAs(kv);
        }

        assertThat(setups).hasValue(1);
        assertThat(kv.nodes().get(0).incarnations()).hasSize(1);
        assertThat(LineServer.ask(kv.address(), "a")).isEqualTo("pong a");
    }

    /** With a port, for without one it would be ready as soon as it runs. */
    private static LocalProcess ends(String script) {
        return LocalProcess.of("sh", "-c", script, "{port}").ports(7000);
    }

    @Test
    void a_service_that_fails_to_start_can_be_declared_anew() throws IOException {
        Service failing = chaos.declare("kv", ends("echo no licence; exit 3"));
        assertThatThrownBy(failing::start)
                .isInstanceOf(ChaosException.class)
                .hasMessage("kv ended before it was ready: exit code 3; its last output:\n  | no licence");
        assertThatIllegalStateException()
                .isThrownBy(failing::start)
                .withMessage(
                        "service kv has ended: its start failed: kv ended before it was ready: exit code 3; its last"
                                + " output:\n  | no licence")
                .withCauseInstanceOf(ChaosException.class);
        assertThatThrownBy(() -> chaos.service("other", ends("exit 4")))
                .hasMessage("other ended before it was ready: exit code 4; it wrote nothing");

        Service kv = chaos.service("kv", server.upstream());
        Service other = chaos.service("other", server.upstream());
        assertThat(chaos.services()).containsExactly(kv, other);
        assertThat(chaos.service("kv")).isSameAs(kv);
        assertThat(LineServer.ask(kv.address(), "a")).isEqualTo("pong a");
    }

    @Test
    void an_experiment_on_a_service_that_has_ended_is_refused() {
        Service kv = chaos.declare("kv", ends("exit 3"));
        Experiment experiment = chaos.experiment("late")
                .inject(new dev.firedrill.fault.Kill(), kv)
                .build();
        assertThatThrownBy(kv::start).isInstanceOf(ChaosException.class);
        assertThatIllegalStateException()
                .isThrownBy(experiment::begin)
                .withMessage(
                        "experiment late: service kv has ended: its start failed: kv ended before it was ready: exit code"
                                + " 3; it wrote nothing");
    }

    @Test
    void closing_while_a_service_starts_leaves_nothing_behind() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        Service slow = chaos.declare(
                "slow",
                LocalProcess.of("sh", "-c", "echo up; sleep 600")
                        .ports(7000, 7001)
                        .env("A", "{port:7000} {port:7001}")
                        .setup(directory -> starting.countDown()));
        Future<Service> start = threads.submit(slow::start);
        assertThat(starting.await(20, TimeUnit.SECONDS)).isTrue();

        chaos.close();

        assertThatThrownBy(() -> get(start)).hasCauseInstanceOf(RuntimeException.class);
        assertThat(slow.nodes().get(0).state()).isEqualTo(Node.State.DOWN);
        assertThat(ProcessHandle.allProcesses()
                        .filter(each -> each.info().commandLine().orElse("").contains("echo up; sleep 600")))
                .isEmpty();
    }

    @Test
    void a_link_may_be_asked_for_while_its_node_starts_and_asks_for_links_itself() throws Exception {
        chaos.service("db", server.upstream());
        Service kv = chaos.service("kv", LineProcess.spec().env("DB", "{db}"));
        Node node = kv.nodes().get(0);
        Future<?> restarts = threads.submit(() -> {
            for (int i = 0; i < 3; i++) {
                chaos.inject(new dev.firedrill.fault.Restart(), Target.of(kv)).heal();
            }
        });
        int links = 0;
        while (!restarts.isDone() && links < 1_000) {
            int number = links++;
            Future<Link> link = threads.submit(() -> node.link("caller" + number, 7000));
            assertThat(get(link).address()).isNotNull();
            new CountDownLatch(1).await(2, TimeUnit.MILLISECONDS);
        }
        restarts.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void a_fault_injected_by_hand_is_healed_by_closing() throws IOException {
        Service kv = chaos.service("kv", server.upstream());
        ActiveFault slow = chaos.inject(new Latency(ofMillis(300)), Target.of(kv));
        long before = System.nanoTime();
        LineServer.ask(kv.address(), "a");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(ofMillis(290));
        slow.heal();
        slow.heal();
        chaos.inject(new Latency(ofMillis(300)), Target.of(kv));
        chaos.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> chaos.inject(new Latency(ofMillis(300)), Target.of(kv)))
                .withMessage("inject: this Chaos is closed");
    }
}
