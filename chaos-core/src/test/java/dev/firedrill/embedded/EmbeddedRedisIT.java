package dev.firedrill.embedded;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
import dev.firedrill.fault.Restart;
import dev.firedrill.fault.Stop;
import dev.firedrill.history.Operation;
import dev.firedrill.probe.Probe;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A real Redis through everything that can be done to a node; its clients keep one address. */
class EmbeddedRedisIT {

    @TempDir
    Path home;

    Chaos chaos;

    @BeforeEach
    void start() {
        chaos = Chaos.builder()
                .seed(7)
                .home(home.resolve("home"))
                .reports(home.resolve("reports"))
                .start();
    }

    @AfterEach
    void stop_and_leave_nothing() {
        List<Long> pids = chaos.services().stream()
                .flatMap(service -> service.nodes().stream())
                .map(Machine::pid)
                .toList();
        chaos.close();
        assertThat(pids).noneMatch(Machine::isAlive);
        assertThat(Machine.directories(home.resolve("home"))).isEmpty();
        assertThat(Machine.journals(home.resolve("home"))).isEmpty();
    }

    private static Jedis jedis(Service redis, int timeoutMillis) {
        return new Jedis(URI.create(redis.fill("redis://{host}:{port}/0")), timeoutMillis);
    }

    private static String get(Service redis, String key) {
        try (Jedis jedis = jedis(redis, 2_000)) {
            return jedis.get(key);
        }
    }

    private static void set(Service redis, String key, String value) {
        try (Jedis jedis = jedis(redis, 2_000)) {
            jedis.set(key, value);
        }
    }

    private static void awaitReady(Node node) {
        await().atMost(ofSeconds(20)).until(() -> node.state() == Node.State.READY);
    }

    private static SteadyState answers(Service redis) {
        return SteadyState.of("redis answers", Probe.of(() -> get(redis, "any")))
                .every(ofMillis(20));
    }

    @Test
    void durable_redis_keeps_acknowledged_writes_through_kills_on_one_address() {
        Service redis = chaos.service("redis", EmbeddedRedis.durable());
        int port = redis.address().getPort();
        for (int round = 0; round < 5; round++) {
            String key = "round" + round;
            Report report = chaos.experiment("kill " + round)
                    .steadyState(answers(redis))
                    .inject(
                            new Kill(),
                            redis,
                            Schedule.now().on("written").after(ofMillis(20)).lasting(ofMillis(100)))
                    .invariant("nothing acknowledged is lost", history -> {
                        try (Jedis jedis = jedis(redis, 2_000)) {
                            return history.named("add").acknowledged().operations().stream()
                                    .allMatch(each -> jedis.sismember(key, String.valueOf(each.input())));
                        }
                    })
                    .recoversWithin(ofSeconds(10))
                    .run(drill -> {
                        drill.operation("add", 0, () -> add(redis, key, 0));
                        drill.trigger("written");
                        int next = 1;
                        while (tryAdd(drill, redis, key, next)) {
                            next++; // until the first that meets the kill
                        }
                    });
            assertThat(report.verdict()).isEqualTo(Verdict.RECOVERED);
            assertThat(report.history().named("add").acknowledged().operations())
                    .isNotEmpty();
            assertThat(redis.address().getPort()).isEqualTo(port);
        }
        assertThat(redis.nodes().get(0).incarnations()).hasSize(6);
    }

    private static long add(Service redis, String key, int value) {
        try (Jedis jedis = jedis(redis, 2_000)) {
            return jedis.sadd(key, String.valueOf(value));
        }
    }

    private static boolean tryAdd(Drill drill, Service redis, String key, int value) throws Exception {
        try {
            drill.operation("add", value, () -> add(redis, key, value));
            return redis.nodes().get(0).state() != Node.State.DOWN;
        } catch (JedisException e) {
            return false;
        }
    }

    @Test
    void plain_redis_keeps_its_data_when_stopped_and_not_when_killed() {
        Service redis = chaos.service("redis", EmbeddedRedis.process());
        set(redis, "a", "1");
        try (ActiveFault down = chaos.inject(new Stop(), Target.of(redis))) {
            assertThat(down).isNotNull();
            assertThatThrownBy(() -> get(redis, "a")).isInstanceOf(JedisException.class);
        }
        awaitReady(redis.nodes().get(0));
        assertThat(get(redis, "a")).isEqualTo("1");

        set(redis, "b", "2");
        chaos.inject(new Kill(), Target.of(redis)).heal();
        awaitReady(redis.nodes().get(0));
        assertThat(get(redis, "a")).isEqualTo("1");
        assertThat(get(redis, "b")).isNull();
        assertThat(redis.nodes().get(0).incarnations())
                .extracting(Incarnation::ending)
                .containsExactly("exit code 0", "killed", "");
    }

    @Test
    void a_restart_is_one_fault_that_ends_by_itself() {
        Service redis = chaos.service("redis", EmbeddedRedis.durable());
        Report report = chaos.experiment("restart")
                .steadyState(answers(redis))
                .inject(new Restart(), redis, Schedule.now().after(ofMillis(50)))
                .run(drill -> {
                    Jedis jedis = jedis(redis, 2_000); // not closed: that would fail as well
                    jedis.set("a", "1");
                    drill.awaitActive();
                    assertThatThrownBy(() -> jedis.get("a")).isInstanceOf(JedisException.class);
                });

        assertThat(report.verdict()).isEqualTo(Verdict.RECOVERED);
        assertThat(get(redis, "a")).isEqualTo("1");
        assertThat(report.nodes().get(0).incarnations()).hasSize(2);
        assertThat(report.nodes().get(0).output())
                .as("of both lives")
                .filteredOn(line -> line.contains("Ready to accept connections"))
                .hasSize(2);
        assertThat(report.file()).content().contains("Ready to accept connections");
    }

    @Test
    void a_client_waits_in_a_frozen_redis_and_is_answered_after_all() throws Exception {
        Service redis = chaos.service("redis", EmbeddedRedis.process());
        try (Jedis waiting = jedis(redis, 20_000);
                Jedis impatient = jedis(redis, 200)) {
            waiting.set("a", "1");
            impatient.ping();
            CompletableFuture<String> answer;
            try (ActiveFault frozen = chaos.inject(new Pause(), Target.of(redis))) {
                assertThat(frozen).isNotNull();
                answer = CompletableFuture.supplyAsync(() -> waiting.get("a"));
                assertThatThrownBy(() -> impatient.get("a")).hasMessageContaining("Read timed out");
                assertThat(answer).isNotDone();
                assertThat(redis.nodes().get(0).state()).isEqualTo(Node.State.PAUSED);
            }
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("1");
            assertThat(redis.nodes().get(0).incarnations()).hasSize(1);
        }
    }

    @Test
    void frozen_during_an_experiment_it_recovers() {
        Service redis = chaos.service("redis", EmbeddedRedis.process());
        Report report = chaos.experiment("freeze")
                .steadyState(answers(redis))
                .inject(new Pause(), redis, Schedule.now().lasting(ofMillis(400)))
                .recoversWithin(ofSeconds(5))
                .run(drill -> {
                    assertThatThrownBy(() -> drill.operation("get", () -> {
                                try (Jedis jedis = jedis(redis, 100)) {
                                    return jedis.get("a");
                                }
                            }))
                            .isInstanceOf(JedisException.class);
                });
        assertThat(report.verdict()).isEqualTo(Verdict.RECOVERED);
        assertThat(report.history().named("get").operations())
                .extracting(Operation::outcome)
                .containsExactly(Operation.Outcome.UNKNOWN);
    }

    @Test
    void of_two_nodes_only_the_one_that_is_named_dies() {
        Service kv = chaos.service("kv", EmbeddedRedis.process(), EmbeddedRedis.process());
        Node first = kv.nodes().get(0);
        Node second = kv.nodes().get(1);
        assertThat(second.name()).isEqualTo("kv[1]");
        String template = "redis://{host}:{port}/0";
        try (Jedis other = new Jedis(URI.create(first.fill(template, "test")));
                ActiveFault dead = chaos.inject(new Kill(), Target.parse("kv[1]"))) {
            assertThat(dead).isNotNull();
            assertThat(second.state()).isEqualTo(Node.State.DOWN);
            assertThat(first.state()).isEqualTo(Node.State.READY);
            assertThat(other.ping()).isEqualTo("PONG");
            assertThatThrownBy(() -> new Jedis(URI.create(second.fill(template, "test"))).ping())
                    .isInstanceOf(JedisException.class);
        }
        awaitReady(second);
        assertThat(first.incarnations()).hasSize(1);
        assertThat(second.incarnations()).hasSize(2);

        Report any = chaos.experiment("any")
                .inject(new Kill(), Target.parse("kv[any]"), Schedule.now().lasting(ofMillis(50)))
                .observe(drill -> drill.awaitHealed());
        assertThat(any.steps().get(0).resolved()).hasSize(1).allMatch(name -> name.matches("kv\\[[01]]"));
    }

    @Test
    void it_is_not_ready_while_it_still_loads_its_data() {
        Service redis = chaos.service("redis", EmbeddedRedis.durable().args("--key-load-delay", "300"));
        try (Jedis jedis = jedis(redis, 5_000)) {
            for (int i = 0; i < 2_000; i++) {
                jedis.set("key" + i, "value");
            }
        }
        Node node = redis.nodes().get(0);
        chaos.inject(new Kill(), Target.of(redis)).heal();

        assertThat(node.state()).as("a fresh look after each start").isEqualTo(Node.State.STARTING);
        await().pollInterval(ofMillis(5))
                .atMost(ofSeconds(20))
                .untilAsserted(
                        () -> assertThatThrownBy(() -> get(redis, "key1")).hasMessageContaining("LOADING"));
        assertThat(node.state()).isEqualTo(Node.State.STARTING);
        awaitReady(node);
        assertThat(get(redis, "key1999")).isEqualTo("value");
    }
}
