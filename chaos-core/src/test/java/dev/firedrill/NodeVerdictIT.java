package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.firedrill.embedded.EmbeddedRedis;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Restart;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.report.Event;
import dev.firedrill.report.Finding;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.Effects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verdicts that only faults on nodes lead to, reached by real experiments. */
class NodeVerdictIT {

    @TempDir
    Path home;

    Chaos chaos;
    Service redis;
    Node node;

    @BeforeEach
    void start() {
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
        redis = chaos.service("redis", EmbeddedRedis.durable());
        node = redis.nodes().get(0);
    }

    @AfterEach
    void stop() {
        chaos.close();
        assertThat(Machine.directories(home)).isEmpty();
    }

    private String ping() throws IOException {
        return LineServer.ask(redis.address(), "PING", 1_000);
    }

    private Experiment.Builder experiment() {
        return chaos.experiment("unlucky")
                .steadyState(
                        SteadyState.of("answers", () -> ping().equals("+PONG")).every(ofMillis(20)))
                .steadyWithin(ofMillis(500))
                .recoversWithin(ofSeconds(10));
    }

    private void crash() {
        ProcessHandle.of(Machine.pid(node)).orElseThrow().destroyForcibly();
        await().until(() -> node.state() == Node.State.DOWN);
    }

    private Path program() {
        return home.resolve("nodes").resolve(Machine.directories(home).get(0)).resolve("data/redis-server");
    }

    /** Regression: nobody looked at it any more once it was late, so that it stayed STARTING for good. */
    @Test
    void a_node_that_is_ready_later_than_usual_is_late_but_not_lost() {
        AtomicBoolean open = new AtomicBoolean(true);
        Service slow = chaos.service(
                "slow",
                EmbeddedRedis.process().ready((port, address) -> open.get()).readyWithin(ofSeconds(1)));
        Report report = chaos.experiment("late")
                .inject(new Kill(), slow, Schedule.now().lasting(ofMillis(100)))
                .recoversWithin(ofSeconds(10))
                .steadyState(SteadyState.of("true", () -> true).every(ofMillis(20)))
                .observe(drill -> {
                    open.set(false);
                    assertThatThrownBy(() -> LineServer.ask(slow.address(), "PING"))
                            .isInstanceOf(IOException.class);
                    await().until(() -> slow.nodes().get(0).state() == Node.State.STARTING);
                    VerdictTests.pause(1_300);
                    open.set(true);
                });

        assertThat(report.events())
                .extracting(Event::text)
                .contains("is still not ready, 1s after its start")
                .anyMatch(text -> text.matches("ready 1\\..*s after its start|ready 1\\d{3}ms after its start"));
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
    }

    @Test
    void inject_failed_when_another_step_has_taken_the_node_down() {
        Report report = experiment()
                .inject(new Kill(), redis)
                .inject(new Pause(), redis, Schedule.now().after(ofMillis(100)))
                .observe(Drill::awaitActive);

        assertThat(report.verdict()).isEqualTo(Verdict.INJECT_FAILED);
        assertThat(report.text())
                .contains(
                        "redis is down already, so there is nothing to pause; another step took it down and is still in"
                                + " force: let the two not overlap\n");
    }

    @Test
    void a_body_can_wait_for_a_restart_before_it_and_beside_it() {
        for (Schedule schedule : List.of(Schedule.now(), Schedule.now().after(ofMillis(50)))) {
            int lives = node.incarnations().size();
            Report report = experiment().inject(new Restart(), redis, schedule).observe(drill -> {
                drill.awaitHealed();
                await().ignoreExceptions().until(() -> ping().equals("+PONG"));
            });
            assertThat(report.cause()).isNull();
            assertThat(node.incarnations()).hasSize(lives + 1);
        }
    }

    @Test
    void inject_failed_when_there_is_nothing_left_to_kill() {
        Report report = experiment()
                .inject(new Kill(), redis, Schedule.now().after(ofMillis(300)).lasting(ofMillis(100)))
                .observe(drill -> crash());

        assertThat(report.verdict()).isEqualTo(Verdict.INJECT_FAILED);
        assertThat(report.text())
                .contains("redis is down already, so there is nothing to kill; its last output:\n  | ")
                .contains("  verdict : INJECT_FAILED, the environment must act\n");
        assertThat(report.events()).extracting(Event::text).contains("ended by itself: ended by signal 9");

        assertThat(experiment().inject(new Latency(ofMillis(5)), redis).observe(drill -> ping()))
                .satisfies(next -> assertThat(next.verdict()).isEqualTo(Verdict.NOT_STEADY))
                .satisfies(next -> assertThat(next.text())
                        .startsWith("redis was down before any fault was injected (an earlier experiment left it so:"
                                + " redis ended during \"unlucky\" and did not come back); its last output:"));
    }

    @Test
    void heal_failed_when_it_can_not_be_started_again_and_the_next_experiment_says_who_is_to_blame() {
        Report report = experiment()
                .inject(new Kill(), redis, Schedule.now().after(ofMillis(50)).lasting(ofMillis(200)))
                .observe(drill -> {
                    drill.awaitActive();
                    Files.delete(program());
                    assertThatThrownBy(this::ping).isInstanceOf(IOException.class);
                });

        assertThat(report.verdict()).isEqualTo(Verdict.HEAL_FAILED);
        assertThat(report.text())
                .contains("redis can't be started: Cannot run program \"" + program() + "\"")
                .contains("; is " + program() + " installed and on the PATH? Give its full path in the LocalProcess\n")
                .contains("  verdict : HEAL_FAILED, Firedrill must act\n");
        assertThat(report.recovery()).as("not judged").isEmpty();
        assertThat(report.findings()).extracting(Finding::kind).doesNotContain(Finding.Kind.NOT_RECOVERED);

        for (int later = 0; later < 2; later++) {
            Report next = experiment().inject(new Latency(ofMillis(5)), redis).observe(drill -> ping());
            assertThat(next.verdict()).as("not the environment").isEqualTo(Verdict.HEAL_FAILED);
            assertThat(next.text())
                    .startsWith(
                            "redis was down before any fault was injected (an earlier experiment left it so: 1-kill could not be"
                                    + " undone: redis can't be started: Cannot run program \"");
        }
    }

    @Test
    void nobody_is_blamed_any_more_once_it_is_well_again() throws IOException {
        experiment()
                .inject(new Kill(), redis, Schedule.now().lasting(ofMillis(100)))
                .observe(drill -> Files.move(program(), home.resolve("aside")));
        Files.move(home.resolve("aside"), program());
        node.start(Effects.NONE);
        await().until(() -> node.state() == Node.State.READY);

        Report well = experiment().inject(new Latency(ofMillis(5)), redis).observe(drill -> ping());
        assertThat(well.verdict()).isEqualTo(Verdict.RECOVERED);
        crash();
        Report down = experiment().inject(new Latency(ofMillis(5)), redis).observe(drill -> ping());
        assertThat(down.verdict()).isEqualTo(Verdict.NOT_STEADY);
        assertThat(down.text()).startsWith("redis was down before any fault was injected; its last output:");
    }

    @Test
    void not_recovered_when_the_system_does_not_come_back_from_a_kill() {
        Report report = experiment()
                .recoversWithin(ofSeconds(1))
                .inject(new Kill(), redis, Schedule.now().lasting(ofMillis(100)))
                .observe(drill -> {
                    assertThatThrownBy(this::ping).isInstanceOf(IOException.class);
                    Files.writeString(program().resolveSibling("appendonly.aof"), "this is no log");
                });

        assertThat(report.verdict()).isEqualTo(Verdict.NOT_RECOVERED);
        assertThat(report.text())
                .startsWith("redis did not recover within 1s after kill was healed\n")
                .contains("the system must act");
        assertThat(report.events())
                .extracting(Event::text)
                .contains("ended by itself before it was ready: exit code 1");
    }

    @Test
    void a_node_that_was_left_frozen_is_not_steady() {
        chaos.inject(new Pause(), Target.of(redis));
        Report report = experiment().inject(new Latency(ofMillis(5)), redis).observe(drill -> ping());
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_STEADY);
        assertThat(report.text()).startsWith("redis was frozen before any fault was injected; its last output:");
    }
}
