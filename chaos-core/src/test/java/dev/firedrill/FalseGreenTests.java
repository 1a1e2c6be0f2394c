package dev.firedrill;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Corrupt;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.DropMessage;
import dev.firedrill.fault.Duplicate;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.Messages;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.Reorder;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.probe.Probe;
import dev.firedrill.probe.Probes;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Experiments that prove nothing are not green, each a real one. */
class FalseGreenTests {

    @TempDir
    Path home;

    LineServer server;
    Chaos chaos;

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
    }

    private static void noEffect(Report report, String text) {
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.findings().get(0).text()).isEqualTo(text);
        assertThat(report.steps()).noneMatch(Report.StepOutcome::proven);
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Latency(ofMillis(20)),
                new Refuse(),
                new Blackhole(),
                new SlowConnect(ofMillis(20)),
                new PacketLoss(0.5, ofMillis(1)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void an_empty_body(Fault fault) {
        Service kv = chaos.service("kv", server.upstream());
        Report report = chaos.experiment("empty")
                .steadyState("kv accepts", Probes.tcp(kv))
                .inject(fault, kv)
                .observe(drill -> {});
        noEffect(
                report,
                fault.kind()
                        + " on kv had no effect: nothing of the test passed over test->kv, probe->kv while it was in"
                        + " force; let the body use the service through the address of its link, or remove the fault");
    }

    static Stream<Arguments> spared() {
        return Stream.of(
                Arguments.of(new Refuse(), "it acts on new connections only: let the body open one"),
                Arguments.of(new SlowConnect(ofMillis(1)), "it acts on new connections only: let the body open one"),
                Arguments.of(
                        new Bandwidth(new DataRate(1_000_000)),
                        "let more pass at once than the rate allows, lower the rate"),
                Arguments.of(new ResetPeer(ofHours(1)), "let the body use its connection for longer, reset sooner"),
                Arguments.of(new Slice(1_000), "let more pass at once than a piece holds, make the pieces smaller"),
                Arguments.of(
                        new LimitData(1_000),
                        "let more pass over one connection than the limit lets through, lower the limit"),
                Arguments.of(
                        new SlowClose(ofMillis(1)),
                        "it acts on the end of a connection only: let the body or the service close one"),
                Arguments.of(
                        new Disconnect(ofHours(1)), "let the body keep its connection for longer, close it sooner"),
                Arguments.of(new PacketLoss(1e-9), "let more pass, raise the rate"));
    }

    @ParameterizedTest
    @MethodSource("spared")
    void a_body_that_gives_the_fault_nothing_to_act_on(Fault fault, String advice) throws IOException {
        Service kv = chaos.service("kv", server.upstream());
        try (LineServer.Client pooled = new LineServer.Client(kv.address(), 2_000)) {
            pooled.ask("a");
            Report report = chaos.experiment("spared").inject(fault, kv).observe(drill -> pooled.ask("a"));
            noEffect(
                    report,
                    fault.kind()
                            + " on kv had no effect: the 9 bytes that passed over test->kv while it was in force were not"
                            + " touched; " + advice + ", or remove the fault");
        }
    }

    @Test
    void a_body_of_10_ms_before_a_kill_at_500_ms() {
        Service kv = chaos.service("kv", LineProcess.spec());
        Report report = chaos.experiment("too early")
                .steadyState("kv accepts", Probes.tcp(kv))
                .inject(new Kill(), kv, Schedule.now().after(ofMillis(500)).lasting(ofMillis(200)))
                .observe(drill -> {
                    LineServer.ask(kv.address(), "a");
                    VerdictTests.pause(10);
                });
        tooEarly(report, "kill");
        assertThat(report.took()).as("the schedule ran to its end").isGreaterThan(ofMillis(700));
        assertThat(kv.nodes().get(0).incarnations()).hasSize(2);
    }

    @Test
    void a_body_of_10_ms_that_leaves_a_connection_open_for_the_kill_to_reset() throws IOException {
        Service kv = chaos.service("kv", LineProcess.spec());
        try (LineServer.Client pooled = new LineServer.Client(kv.address(), 2_000)) {
            Report report = chaos.experiment("too early")
                    .inject(new Kill(), kv, Schedule.now().after(ofMillis(500)).lasting(ofMillis(200)))
                    .observe(drill -> pooled.ask("a"));
            tooEarly(report, "kill");
        }
    }

    /** What the body did has nothing to do with it, and to say that it should use the service would lead astray. */
    private static void tooEarly(Report report, String kind) {
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.findings().get(0).text())
                .matches(kind + " on kv had no effect on the test: the body was over at \\+\\d+ms, and it began only at"
                        + " \\+\\d+ms \\(after 500ms lasting 200ms\\); let the body last longer \\(drill.awaitActive\\(\\) waits"
                        + " for it\\), or shorten after");
        assertThat(report.steps()).noneMatch(Report.StepOutcome::proven);
    }

    @Test
    void a_body_that_used_the_service_before_a_latency_at_500_ms() {
        Service kv = chaos.service("kv", server.upstream());
        Report report = chaos.experiment("too early")
                .inject(
                        new Latency(ofMillis(5)),
                        kv,
                        Schedule.now().after(ofMillis(500)).lasting(ofMillis(200)))
                .observe(drill -> LineServer.ask(kv.address(), "a"));
        tooEarly(report, "latency");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void only_a_probe_whose_lasting_connection_over_the_tests_link_is_reset_while_the_body_waits(boolean beside) {
        Service kv = chaos.service("kv", LineProcess.spec());
        Report report = chaos.experiment("waits")
                .steadyState(SteadyState.of("kv answers", new LastingProbe(kv.address()))
                        .every(ofMillis(10))
                        .during(beside))
                .inject(new Kill(), kv, Schedule.now().after(ofMillis(100)).lasting(ofMillis(200)))
                .observe(drill -> drill.operation("wait", () -> {
                    drill.awaitHealed();
                    return null;
                }));

        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.steps().get(0).proven()).isFalse();
        assertThat(report.steps().get(0).overlapped()).isZero();
        assertThat(report.findings().get(0).text()).startsWith("kill on kv ");
    }

    @Test
    void only_a_probe_whose_lasting_connection_is_frozen_with_the_node() {
        Service kv = chaos.service("kv", LineProcess.spec());
        Report report = chaos.experiment("waits")
                .steadyState(SteadyState.of("kv answers", new LastingProbe(kv.address()))
                        .every(ofMillis(10))
                        .timeout(ofMillis(100))
                        .during(true))
                .inject(new Pause(), kv, Schedule.now().lasting(ofMillis(300)))
                .observe(drill -> drill.awaitHealed());
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.steps().get(0).proven()).isFalse();
    }

    /** One connection for all looks, made anew when it is lost: a client such as Jedis. */
    private static final class LastingProbe implements Probe {
        private final InetSocketAddress address;
        private LineServer.Client client;

        LastingProbe(InetSocketAddress address) {
            this.address = address;
        }

        @Override
        public boolean look() throws IOException {
            try {
                if (client == null) {
                    client = new LineServer.Client(address, 1_000);
                }
                return client.ask("health").equals("pong health");
            } catch (IOException e) {
                client = null;
                throw e;
            }
        }
    }

    @Test
    void only_a_probe_that_connects_over_the_tests_link_and_waits_for_nothing() {
        Service kv = chaos.service("kv", server.upstream());
        Report report = chaos.experiment("waits")
                .steadyState(SteadyState.of(
                                "kv connects",
                                Probe.of(() -> new Socket(
                                                kv.address().getAddress(),
                                                kv.address().getPort())
                                        .close()))
                        .every(ofMillis(1))
                        .during(true))
                .inject(new Refuse(), kv)
                .observe(drill -> VerdictTests.pause(500));
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
    }

    @Test
    void only_a_probe_that_goes_on_after_its_time_is_over() {
        Service kv = chaos.service("kv", server.upstream());
        AtomicBoolean late = new AtomicBoolean();
        Report report = chaos.experiment("late")
                .steadyState(SteadyState.of("kv answers", () -> {
                            if (late.get()) {
                                VerdictTests.pauseWhateverComes(150);
                            }
                            return LineServer.ask(kv.address(), "health").equals("pong health");
                        })
                        .every(ofMillis(5))
                        .timeout(ofMillis(100))
                        .during(true))
                .inject(new Latency(ofMillis(5)), kv)
                .observe(drill -> {
                    late.set(true);
                    VerdictTests.pause(600);
                    late.set(false);
                });
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.samples()).anyMatch(each -> each.seen().equals("no answer within 100ms"));
    }

    @Test
    void a_body_that_uses_another_service_or_another_port() throws IOException {
        try (LineServer second = new LineServer()) {
            int one = server.upstream().ports().get(0);
            int two = second.upstream().ports().get(0);
            Service kv = chaos.service("kv", Upstream.at("127.0.0.1", one, two));
            Report report = chaos.experiment("other port")
                    .inject(new Latency(ofMillis(5)), Target.parse("kv:" + one), Schedule.now())
                    .observe(drill -> LineServer.ask(kv.address(two), "a"));
            noEffect(
                    report,
                    "latency on kv:" + one + " had no effect: nothing of the test passed over test->kv:" + one
                            + " while it"
                            + " was in force; let the body use the service through the address of its link, or remove the"
                            + " fault");
        }
    }

    @Test
    void a_body_that_uses_the_service_before_and_after_the_fault_only() {
        Service kv = chaos.service("kv", server.upstream());
        Report report = chaos.experiment("around")
                .inject(new Latency(ofMillis(5)), kv, Schedule.now().on("now").lasting(ofMillis(100)))
                .observe(drill -> {
                    LineServer.ask(kv.address(), "before");
                    drill.trigger("now");
                    drill.awaitHealed();
                    LineServer.ask(kv.address(), "after");
                });
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
    }

    @Test
    void a_body_that_goes_past_the_link() {
        Service kv = chaos.service("kv", server.upstream());
        Report report = chaos.experiment("past")
                .steadyState("kv accepts", Probes.tcp(kv))
                .inject(new Latency(ofMillis(5)), kv)
                .recoversWithin(ofSeconds(5))
                .observe(drill -> LineServer.ask(
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(),
                                server.upstream().ports().get(0)),
                        "a"));
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
    }

    @Test
    void a_target_that_resolves_to_nothing() {
        Service kv = chaos.service("kv", server.upstream());
        chaos.service("orders", server.upstream());
        Report report = chaos.experiment("nothing")
                .inject(new Latency(ofMillis(5)), Target.parse("orders->kv"), Schedule.now())
                .observe(drill -> LineServer.ask(kv.address(), "a"));
        noEffect(
                report,
                "latency on orders->kv had no effect: its target selected nothing; no such link was open when it was"
                        + " injected; let orders call kv by {kv} in its command or environment, or name the link that is meant:"
                        + " \"test->kv\" is the test's, \"kv\" all of them");

        Report itself = chaos.experiment("itself")
                .inject(new Latency(ofMillis(5)), Target.parse("kv->kv"), Schedule.now())
                .observe(drill -> LineServer.ask(kv.address(), "a"));
        noEffect(
                itself,
                "latency on kv->kv had no effect: its target selected nothing; no such link was open when it was"
                        + " injected; name the link that is meant: \"test->kv\" is the test's, \"kv\" all of them");
    }

    @Test
    void a_delay_or_a_length_of_nothing() throws IOException {
        Service kv = chaos.service("kv", server.upstream());
        for (Fault fault : new Fault[] {new Latency(ofMillis(0)), new SlowClose(ofMillis(0))}) {
            Report report =
                    chaos.experiment("nothing").inject(fault, kv).observe(drill -> LineServer.ask(kv.address(), "a"));
            noEffect(
                    report,
                    fault.kind()
                            + " on kv had no effect: a delay of 0ms does nothing; make it longer, or remove the fault");
        }
        Report brief = chaos.experiment("brief")
                .inject(new Refuse(), kv, Schedule.now().lasting(ofMillis(0)))
                .observe(drill -> {
                    drill.awaitHealed();
                    LineServer.ask(kv.address(), "a");
                });
        noEffect(
                brief,
                "refuse on kv had no effect: what is lasting 0ms is met by nothing; lengthen lasting, or remove the fault");
    }

    static Stream<Arguments> meant() {
        Messages lines = Messages.ALL.framed("line");
        String reply = ", set direction = DOWNSTREAM if it is a reply";
        return Stream.of(
                Arguments.of(
                        new DropMessage(lines.command("SET")),
                        "no request was meant by framing line command SET: let the body send one" + reply),
                Arguments.of(
                        new DropMessage(lines.command("SET"), Direction.DOWNSTREAM),
                        "no reply was meant by framing line command SET: let the service send one, set direction = UPSTREAM if"
                                + " it is a request"),
                Arguments.of(
                        new Duplicate(lines.command("SET"), Direction.BOTH),
                        "no message was meant by framing line command SET: let there be one"),
                Arguments.of(
                        new Corrupt(Corrupt.How.GARBLE, lines.command("SET")),
                        "no request was meant by framing line command SET that has something to change (a Redis command with"
                                + " only a key, SQL without parameters and an HTTP GET have nothing): let the body send one"
                                + reply),
                Arguments.of(
                        new Reorder(ofMillis(50), lines),
                        "no request was overtaken: let the body send the next one within the patience of 50ms, on the same"
                                + " connection and without waiting for the reply" + reply),
                Arguments.of(
                        new Reorder(ofMillis(50), lines.command("SET")),
                        "no request was meant by framing line command SET, or none was overtaken: let the body send one and"
                                + " the next within the patience of 50ms, on the same connection and without waiting for the"
                                + " reply" + reply),
                Arguments.of(
                        new DropMessage(new Messages("line", "", "(a+)+\\1b")),
                        "a part of what test->kv carries upstream could not be read as line: the pattern is too expensive for"
                                + " it; it passed unharmed: write a simpler pattern"),
                Arguments.of(
                        new DropMessage(Messages.ALL.framed("resp")),
                        "a part of what test->kv carries upstream could not be read as resp: UNREAD; it passed unharmed: name"
                                + " the framing that the service speaks"),
                Arguments.of(
                        new DropMessage(Messages.ALL),
                        "what test->kv carries is of no protocol that is known: it begins with 61 61 61 61 61 61 61 61 (what is"
                                + " encrypted can't be read; other protocols are named by framing); it passed unharmed: name"
                                + " the protocol by framing"));
    }

    @ParameterizedTest
    @MethodSource("meant")
    void messages_of_which_none_is_meant(Fault fault, String advice) {
        Service kv = chaos.service("kv", server.upstream());
        Report report = chaos.experiment("spared")
                .inject(fault, kv)
                .observe(drill -> LineServer.ask(kv.address(), "a".repeat(40)));
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.findings()
                        .get(0)
                        .text()
                        .replaceAll("read as resp: .*; it passed", "read as resp: UNREAD; it passed")
                        .replaceAll("with (61 )+", "with 61 61 61 61 61 61 61 61 "))
                .isEqualTo(fault.kind()
                        + " on kv had no effect: the 87 bytes that passed over test->kv while it was in force were not"
                        + " touched; " + advice + ", or remove the fault");
    }

    @Test
    void a_message_that_is_too_long() {
        Service kv = chaos.service("kv", server.upstream());
        Report report = chaos.experiment("long")
                .inject(new DropMessage(Messages.ALL.framed("line")), kv)
                .observe(drill -> LineServer.ask(kv.address(), "a".repeat(1_100_000)));
        assertThat(report.findings().get(0).text())
                .endsWith(
                        "it is longer than 1048576 bytes; it passed unharmed: let the body send shorter ones, or remove the"
                                + " fault");
    }

    @Test
    void a_pattern_that_looks_for_the_text_of_a_prepared_statement() {
        Service kv = chaos.service("kv", server.upstream());
        Report report = chaos.experiment("prepared")
                .inject(new DropMessage(Messages.ALL.framed("line").matching("INSERT")), kv)
                .observe(drill -> LineServer.ask(kv.address(), "a"));
        assertThat(report.findings().get(0).text()).doesNotContain("PostgreSQL");
        for (String framing : new String[] {"", "postgresql"}) {
            assertThat(Advice.of(new DropMessage(Messages.ALL.framed(framing).matching("INSERT")), List.of()))
                    .endsWith(
                            "; on PostgreSQL a statement that was prepared before is executed by its name, without its SQL:"
                                    + " select it by command = \"Bind\" or \"Execute\", or use a connection that is opened under the"
                                    + " fault");
        }
    }

    @Test
    void one_of_two_faults_that_touches_nothing() {
        Service kv = chaos.service("kv", server.upstream());
        Report report = chaos.experiment("half")
                .inject(new Latency(ofMillis(5)), kv)
                .inject(new Refuse(), kv, Schedule.now().after(ofMillis(100)).lasting(ofMillis(10)))
                .observe(drill -> LineServer.ask(kv.address(), "a"));
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.steps()).extracting(Report.StepOutcome::proven).containsExactly(true, false);
        assertThat(report.findings().get(0).text()).startsWith("refuse on kv had no effect");
    }

    @Test
    void a_trigger_that_nobody_pulls() {
        Service kv = chaos.service("kv", server.upstream());
        Report report = chaos.experiment("no trigger")
                .inject(new Latency(ofMillis(5)), kv, Schedule.now().on("paid"))
                .observe(drill -> LineServer.ask(kv.address(), "a"));
        noEffect(report, "latency on kv was never injected: the body ended without pulling the trigger \"paid\"");
        Report late = chaos.experiment("late trigger")
                .inject(new Latency(ofMillis(5)), kv, Schedule.now().on("paid").within(ofMillis(50)))
                .observe(drill -> {
                    LineServer.ask(kv.address(), "a");
                    VerdictTests.pause(300);
                    drill.trigger("paid");
                });
        noEffect(late, "latency on kv was never injected: the trigger \"paid\" was not pulled within 50ms");
    }
}
