package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.DelayMessage;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.Messages;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.Reorder;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Restart;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exact text for input that can't work; nothing is touched before. */
class BadInputTests {

    @TempDir
    Path home;

    LineServer server;
    Chaos chaos;
    Service redis;

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
        redis = chaos.service("redis", server.upstream());
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    private ThrowingCallable plan(Fault fault, String target, Schedule schedule) {
        return () -> chaos.experiment("bad")
                .inject(fault, Target.parse(target), schedule)
                .build();
    }

    @Test
    void unknown_target_names_the_known_the_nearest_first() {
        chaos.service("postgres", server.upstream());
        refused(
                plan(new Latency(ofMillis(1)), "reddis", Schedule.now()),
                "unknown target \"reddis\"; known, the nearest first: redis, postgres");
        refused(
                plan(new Latency(ofMillis(1)), "postgre", Schedule.now()),
                "unknown target \"postgre\"; known, the nearest first: postgres, redis");
        refused(
                plan(new Latency(ofMillis(1)), "redis:1", Schedule.now()),
                "unknown target \"redis:1\"; the ports of redis are " + redis.ports());
        refused(
                plan(new Latency(ofMillis(1)), "redis[3]", Schedule.now()),
                "unknown target \"redis[3]\"; service redis has one node, [0]");
        refused(
                plan(new Latency(ofMillis(1)), "ordres->redis", Schedule.now()),
                "unknown caller \"ordres\" in target \"ordres->redis\"; known, the nearest first: redis, postgres, test, probe");
        refused(
                plan(new Latency(ofMillis(1)), "re dis", Schedule.now()),
                "target \"re dis\" is not of the form service, service:port, caller->service, service[0] or service[any],"
                        + " several joined by commas; write for example \"redis\"");
    }

    @Test
    void two_services_with_one_name() {
        refused(
                () -> chaos.service("redis", server.upstream()),
                "two services are named \"redis\"; give each a name of its own");
        refused(
                () -> chaos.service("test", server.upstream()),
                "service \"test\": the name has a meaning of its own in targets and templates; choose another");
    }

    @Test
    void numbers_out_of_bounds() {
        refused(() -> new Latency(ofMillis(-1)), "latency: delay -1ms is negative; allowed is 0ms or more");
        refused(
                () -> new Latency(ofMillis(10), ofMillis(20)),
                "latency: jitter 20ms is larger than delay 10ms, which would deliver before the message was sent; allowed is"
                        + " 0ms..10ms");
        refused(
                () -> new Latency(ofMillis(10), ofMillis(0), Direction.BOTH, Latency.Distribution.PARETO),
                "latency: distribution PARETO has no jitter to spread, so that all delays were the same; give a jitter of"
                        + " more than 0ms, at most the delay");
        for (double rate : new double[] {0, 1, -0.5, Double.NaN}) {
            refused(
                    () -> new PacketLoss(rate),
                    "packet-loss: rate " + rate
                            + " is not between 0 and 1; write for example 0.05 for one in twenty, or use"
                            + " blackhole to lose everything");
        }
        refused(
                () -> new PacketLoss(0.1, ofMillis(0)),
                "packet-loss: retransmit 0ms is not positive; allowed is more than 0ms");
        refused(() -> new Slice(0), "slice: size 0 would make pieces without a byte; allowed is 1 or more bytes");
        refused(
                () -> new Slice(10, -1, ofMillis(1), Direction.BOTH),
                "slice: variation -1 is negative; allowed is 0..9 bytes");
        refused(
                () -> new Slice(10, 10, ofMillis(1), Direction.BOTH),
                "slice: variation 10 is not less than size 10, which would make pieces without a byte; allowed is 0..9"
                        + " bytes");
        refused(() -> new Slice(10, ofMillis(-1)), "slice: delay -1ms is negative; allowed is 0ms or more");
        refused(() -> new LimitData(-1), "limit-data: bytes -1 is negative; allowed is 0 or more");
        refused(() -> new Disconnect(ofMillis(-1)), "disconnect: age -1ms is negative; allowed is 0ms or more");
        refused(() -> new SlowClose(ofMillis(-1)), "slow-close: delay -1ms is negative; allowed is 0ms or more");
        refused(
                () -> new SlowConnect(ofMillis(0)),
                "slow-connect: delay 0ms is not positive; allowed is more than 0ms");
        refused(
                () -> DataRate.parse("64"),
                "rate \"64\" is not a whole number with one of the units B/s, KB/s, MB/s, GB/s, KiB/s, MiB/s, GiB/s; write"
                        + " for example \"64KB/s\"");
        refused(
                () -> Upstream.at("localhost", 70_000),
                "upstream localhost: port 70000 is outside 1..65535; give the port the server listens on");
    }

    @Test
    void durations_that_no_test_waits_for() {
        Duration threeCenturies = Duration.ofDays(365 * 300);
        Duration half = Duration.ofHours(438_001);
        String advice = " is longer than 876000h, which is 100 years; use a shorter duration";
        String of300Years = " 2628000h" + advice;
        refused(() -> new Latency(threeCenturies), "latency: delay" + of300Years);
        refused(
                () -> new Latency(half, half),
                "latency: delay 1576803600s and jitter 1576803600s together come to 876002h; allowed is up to 876000h");
        refused(
                () -> new Latency(half, half.dividedBy(8), Direction.BOTH, Latency.Distribution.PARETO),
                "latency: delay 1576803600s and nine times jitter 197100450s together come to 3350707650s; allowed is up to 876000h");
        refused(() -> new ResetPeer(threeCenturies), "reset-peer: delay" + of300Years);
        refused(() -> new Reorder(threeCenturies, Messages.ALL), "reorder: patience" + of300Years);
        refused(() -> new SlowConnect(threeCenturies), "slow-connect: delay" + of300Years);
        refused(() -> new SlowClose(threeCenturies), "slow-close: delay" + of300Years);
        refused(() -> new Blackhole(Direction.BOTH, threeCenturies), "blackhole: timeout" + of300Years);
        refused(() -> new Disconnect(threeCenturies), "disconnect: age" + of300Years);
        refused(() -> new Slice(1, threeCenturies), "slice: delay" + of300Years);
        refused(() -> new DelayMessage(threeCenturies, Messages.ALL), "delay-message: delay" + of300Years);
        refused(() -> new PacketLoss(0.1, threeCenturies), "packet-loss: retransmit" + of300Years);
        Experiment.Builder experiment = chaos.experiment("bad");
        refused(() -> experiment.recoversWithin(threeCenturies), "recoversWithin" + of300Years);
        refused(() -> experiment.steadyWithin(threeCenturies), "steadyWithin" + of300Years);
        SteadyState steady = SteadyState.of("s", () -> true);
        refused(() -> steady.every(threeCenturies), "steady state \"s\": every" + of300Years);
        refused(() -> steady.timeout(threeCenturies), "steady state \"s\": timeout" + of300Years);
        LocalProcess process = LocalProcess.of("sleep", "60");
        refused(() -> process.readyWithin(threeCenturies), "local process sleep: readyWithin" + of300Years);
        refused(() -> process.stopsBy("TERM", threeCenturies), "local process sleep: stopWithin" + of300Years);
    }

    @Test
    void a_duration_that_is_not_there() {
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> new Latency(null), () -> new SlowClose(null), () -> new ResetPeer(null))) {
            assertThatNullPointerException()
                    .isThrownBy(call)
                    .withMessageEndingWith(": delay is null; allowed is a duration of 0ms or more");
        }
        assertThatNullPointerException()
                .isThrownBy(() -> new SlowConnect(null))
                .withMessage("slow-connect: delay is null; allowed is a duration of more than 0ms");
        assertThatNullPointerException()
                .isThrownBy(() -> new Latency(ofMillis(1), null))
                .withMessage("latency: jitter is null; allowed is a duration of 0ms or more");
        assertThatNullPointerException()
                .isThrownBy(() -> Schedule.now().after((Duration) null))
                .withMessage("after");
    }

    @Test
    void a_command_of_messages_that_have_none() {
        for (Messages messages : List.of(
                Messages.ALL.framed("length:4"), Messages.ALL.framed("length:2,le"), Messages.ALL.framed("length"))) {
            refused(
                    () -> messages.command("SET"),
                    "command \"SET\" can't be found in framing " + messages.framing()
                            + ", whose messages have no commands; select them by pattern, or leave command out");
        }
        refused(
                () -> Messages.ALL.command("SET").framed("length:4"),
                "command \"SET\" can't be found in framing length:4, whose messages have no commands; select them by pattern,"
                        + " or leave command out");
    }

    @Test
    void a_fault_that_no_engine_on_this_path_supports_names_what_would() {
        assertThatIllegalArgumentException()
                .isThrownBy(plan(new Kill(), "redis", Schedule.now()))
                .withMessageStartingWith("no engine can make kill on redis:\n  embedded: ")
                .withMessageEndingWith(
                        "\n  node: redis is somebody else's server, which Firedrill did not start and will not kill; declare"
                                + " it as a LocalProcess or a container, or use a link fault such as blackhole or reset-peer");
    }

    @Test
    void a_plan_without_a_fault() {
        refused(
                () -> chaos.experiment("idle").steadyState("s", () -> true).build(),
                "\"idle\" has no fault, so that it would prove nothing; add one with inject(fault, target), or call the body"
                        + " without an experiment");
    }

    @Test
    void a_service_of_another_chaos_that_has_the_same_name() {
        try (Chaos other = Chaos.builder().home(home).reports(null).start()) {
            Service foreign = other.service("redis", server.upstream());
            refused(
                    () -> chaos.experiment("mixed up").inject(new Latency(ofMillis(1)), foreign),
                    "service redis was declared by another Chaos or scope; give one of this, which has [redis], or"
                            + " share(service) it first");
        }
    }

    @Test
    void settings_that_contradict_each_other() {
        refused(
                () -> chaos.experiment("bad")
                        .inject(new Latency(ofMillis(1)), redis)
                        .recoversWithin(ofSeconds(5))
                        .build(),
                "recoversWithin 5s has nothing to measure: no steady state is declared; add what must hold again, or"
                        + " remove it");
        refused(
                () -> chaos.experiment("bad")
                        .steadyState("s", () -> true)
                        .steadyState("s", () -> true)
                        .build(),
                "two steady states are named \"s\"; give each a name of its own");
        refused(
                () -> chaos.experiment("bad")
                        .steadyState("s", () -> true)
                        .inject(new Latency(ofMillis(1)), redis, Schedule.now().lasting(ofSeconds(1)))
                        .recoversWithin(ofSeconds(5), Recovery.From.EFFECT)
                        .build(),
                "latency on redis: lasting 1s contradicts recovery measured from the effect, for which the fault stays until"
                        + " judgement is done; remove one of them");
        refused(
                () -> chaos.experiment("bad").recoversWithin(ofMillis(0)),
                "recoversWithin 0ms is not positive; allowed is more than 0ms, such as 5s");
    }

    @Test
    void node_faults_with_too_few_draws_or_a_length_of_no_meaning() throws Exception {
        Service sleeper = chaos.service("sleeper", LocalProcess.of("sleep", "60"));
        assertThat(sleeper.nodes()).hasSize(1);
        refused(
                plan(new Kill(), "sleeper", Schedule.now().probability(0.5)),
                "kill on sleeper: probability 0.5 is drawn once for each of its 1 occurrences, too few to be sure of one; use"
                        + " every and times = 5 or more");
        refused(
                plan(new Kill(), "sleeper", Schedule.now().probability(0.0001)),
                "kill on sleeper: probability 1.0E-4 is drawn once for each of its 1 occurrences, too few to be sure of one; no"
                        + " schedule has as many as that needs; use a probability of 0.001 or more, and every");
        refused(
                plan(new Kill(), "sleeper", Schedule.now().nth(2)),
                "kill on sleeper: nth 2 never comes, for it has 1 occurrences; use every and times = 2 or more");
        refused(
                plan(new Restart(), "sleeper", Schedule.now().lasting(ofSeconds(1))),
                "restart on sleeper: it ends by itself, so lasting 1s has no meaning; remove it");
        refused(
                plan(new Kill(), "sleeper:1", Schedule.now()),
                "target \"sleeper:1\" names a link, but kill acts on nodes; write \"sleeper\"");
    }

    @Test
    void a_template_without_a_port() {
        refused(
                () -> redis.fill("redis://{host}/0"),
                "template \"redis://{host}/0\" for service redis has no {port}; write for example"
                        + " \"jdbc:postgresql://{host}:{port}/shop\"");
        refused(
                () -> redis.fill("redis://{hots}:{port}/0"),
                "template \"redis://{hots}:{port}/0\" for service redis: {hots} is unknown; allowed are {host}, {port} and, of"
                        + " several ports, such as {port:" + redis.ports().get(0) + "}");
        assertThat(redis.fill("{\"at\": \"{host}:{port}\", {}}")).startsWith("{\"at\": \"127.0.0.1:");
        assertThat(redis.fill("redis://{host}:{port}/0"))
                .isEqualTo("redis://127.0.0.1:" + redis.address().getPort() + "/0");
    }

    @Test
    void two_experiments_on_one_service_at_once() {
        Experiment experiment = chaos.experiment("first")
                .inject(new Latency(ofMillis(1)), redis)
                .build();
        Rehearsal rehearsal = experiment.begin();
        try {
            assertThatIllegalStateException()
                    .isThrownBy(() -> chaos.experiment("second")
                            .inject(new Latency(ofMillis(1)), redis)
                            .build()
                            .begin())
                    .withMessage(
                            "experiment second: another experiment runs on service redis; run them one after another");
        } finally {
            rehearsal.finish(null);
        }
    }

    @Test
    void a_closed_chaos() {
        chaos.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> chaos.service("later", server.upstream()))
                .withMessage("service later: this Chaos is closed");
    }
}
