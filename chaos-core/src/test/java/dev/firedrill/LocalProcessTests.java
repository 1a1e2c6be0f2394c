package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Restart;
import dev.firedrill.fault.Stop;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.report.Event;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Local processes that need no server: shells and sleepers. */
class LocalProcessTests {

    @TempDir
    Path home;

    Set<Integer> listeningBefore;
    Chaos chaos;

    @BeforeEach
    void start() {
        listeningBefore = Machine.listening();
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
    }

    @AfterEach
    void stop_and_leave_nothing() {
        chaos.close();
        assertThat(Machine.directories(home)).isEmpty();
        assertThat(Machine.journals(home)).isEmpty();
        assertThat(Machine.listening()).isEqualTo(listeningBefore);
    }

    private Node node(LocalProcess process) {
        return chaos.service("worker", process).nodes().get(0);
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    private static LocalProcess shell(String script) {
        return LocalProcess.of("sh", "-c", script);
    }

    // ---- starts that fail

    @Test
    void a_process_that_ends_at_once_shows_its_output() {
        LocalProcess bad = shell("# {port}\necho reading config; echo no such file >&2; exit 3");
        assertThatExceptionOfType(ChaosException.class)
                .isThrownBy(() -> chaos.service("bad", bad.ports(6379)))
                .withMessage("""
                        bad ended before it was ready: exit code 3; its last output:
                          | reading config
                          | no such file""");
        assertThatExceptionOfType(ChaosException.class)
                .isThrownBy(() -> chaos.service("mute", shell("exit 4 # {port}").ports(6379)))
                .withMessage("mute ended before it was ready: exit code 4; it wrote nothing");
    }

    @Test
    void an_unknown_program() {
        assertThatExceptionOfType(ChaosException.class)
                .isThrownBy(() -> chaos.service("bad", LocalProcess.of("no-such-program")))
                .withMessageStartingWith("bad can't be started: Cannot run program \"no-such-program\"")
                .withMessageEndingWith(
                        "; is no-such-program installed and on the PATH? Give its full path in the LocalProcess");
    }

    @Test
    void a_port_that_is_taken_already() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            assertThatExceptionOfType(ChaosException.class)
                    .isThrownBy(() ->
                            chaos.service("kv", LocalProcess.of("sleep", "60").ports(port)))
                    .withMessage(
                            "port " + port + " of kv is already taken on 127.0.0.1 (Address already in use); stop what"
                                    + " listens there, or let Firedrill choose a port by writing {port} in the command");
        }
    }

    @Test
    void a_setup_that_fails() {
        assertThatExceptionOfType(ChaosException.class)
                .isThrownBy(() -> node(LocalProcess.of("sleep", "60").setup(directory -> {
                    throw new IOException("no template");
                })))
                .withMessageMatching("the data of worker can't be made in .*/data: no template");
    }

    @Test
    void a_process_that_is_never_ready() {
        assertThatExceptionOfType(ChaosException.class)
                .isThrownBy(() -> chaos.service(
                        "deaf",
                        shell("echo {port} is not for me; exec sleep 60")
                                .ports(6379)
                                .readyWithin(ofMillis(300))))
                .withMessageMatching(
                        "(?s)deaf was not ready within 300ms: it did not accept work on \\[6379\\]; allow more"
                                + " with readyWithin if it is just slow; its last output:\n  \\| \\d+ is not for me");
    }

    @Test
    void a_start_that_fails_half_way_is_cleaned_up() throws IOException {
        LocalProcess good = shell("exec sleep 61.5");
        assertThatExceptionOfType(ChaosException.class)
                .isThrownBy(() -> chaos.service("two", good, LocalProcess.of("no-such-program")));

        assertThat(Machine.mentioning("sleep 61.5")).isEmpty();
        assertThat(Machine.directories(home)).isEmpty();
        assertThat(Machine.toUndo(home)).isEmpty();
        assertThat(Machine.listening()).isEqualTo(listeningBefore);
        assertThat(chaos.service("two", good, good).nodes())
                .extracting(Node::state)
                .containsExactly(Node.State.READY, Node.State.READY);
    }

    // ---- plans that can't work

    @Test
    void placeholders_that_mean_nothing() {
        refused(
                () -> chaos.declare("kv", shell("serve {port}")),
                "kv: {port} in the command stands for its only port, but it has none; name the port with ports(...), or"
                        + " write {port:NUMBER}");
        refused(
                () -> chaos.declare("kv", shell("serve {port}").ports(1, 2)),
                "kv: {port} in the command stands for its only port, but it has [1, 2]; name the port with ports(...), or"
                        + " write {port:NUMBER}");
        refused(
                () -> chaos.declare("kv", shell("serve {port:3}").ports(1, 2)),
                "kv: {port:3} in the command is none of its ports [1, 2]");
        chaos.declare("redis", shell("serve {port}").ports(6379));
        refused(
                () -> chaos.declare("orders", shell("run {reddis}")),
                "orders: {reddis} in the command is no placeholder; there are {port}, {dir} and the services declared before"
                        + " it: [redis]");
        refused(
                () -> chaos.declare("orders", shell("run").env("REDIS", "{redis:6380}")),
                "service redis has no port 6380; its ports are [6379]");
        refused(
                () -> chaos.declare("two", shell("a").ports(1), shell("b").ports(2)),
                "service two: its nodes have different ports, [1] and [2]; give them the same");
        assertThat(Machine.directories(home)).isEmpty();
    }

    @Test
    void specs_that_make_no_sense() {
        refused(
                () -> LocalProcess.of(" "),
                "local process: the command is empty; give a program and its arguments, such as"
                        + " LocalProcess.of(\"redis-server\", \"--port\", \"{port}\")");
        LocalProcess sleep = LocalProcess.of("sleep", "60");
        refused(() -> sleep.ports(0), "local process sleep: port 0 is outside 1..65535");
        refused(() -> sleep.ports(5, 5), "local process sleep: a port is given twice in [5, 5]");
        refused(
                () -> sleep.readyWithin(ofMillis(0)),
                "local process sleep: readyWithin 0ms is not positive; write for example 10s");
        refused(
                () -> sleep.stopsBy("sigterm", ofSeconds(1)),
                "local process sleep: stop signal \"sigterm\" is no signal's name; write for example \"TERM\" or \"INT\"");
    }

    @Test
    void somebody_elses_server_takes_no_node_fault() throws IOException {
        try (LineServer server = new LineServer()) {
            chaos.service("kv", server.upstream());
            for (Fault fault : List.of(new Kill(), new Stop(), new Pause(), new Restart())) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> chaos.inject(fault, Target.parse("kv")))
                        .withMessageContaining(
                                "node: kv is somebody else's server, which Firedrill did not start and will" + " not "
                                        + fault.kind() + ";");
            }
        }
    }

    // ---- what a process is given

    @Test
    void placeholders_and_variables_are_filled_in() {
        chaos.service("redis", shell("exec sleep 60"));
        Node node = node(shell("echo $0 $WHERE $1; exec sleep 60")
                .env("WHERE", "at {dir}/x")
                .args("{dir}", "{}{x y}"));

        await().until(() -> !node.output(1).isEmpty());
        String directory = home.resolve("nodes")
                .resolve(Machine.directories(home).get(1))
                .resolve("data")
                .toString();
        assertThat(node.output(1)).containsExactly(directory + " at " + directory + "/x {}{x y}");
    }

    @Test
    void the_directory_is_prepared_once_and_kept_through_restarts() {
        AtomicInteger prepared = new AtomicInteger();
        Node node = node(shell("echo life >> lives; exec sleep 60")
                .setup(directory -> Files.writeString(directory.resolve("lives"), prepared.incrementAndGet() + "\n")));
        Path lives =
                home.resolve("nodes").resolve(Machine.directories(home).get(0)).resolve("data/lives");
        for (int round = 0; round < 3; round++) {
            int life = round + 1;
            await().untilAsserted(() -> assertThat(lives).content().hasLineCount(life + 1));
            try (ActiveFault dead = chaos.inject(round == 1 ? new Stop() : new Kill(), Target.of(node))) {
                assertThat(dead).isNotNull();
                assertThat(node.state()).isEqualTo(Node.State.DOWN);
            }
        }

        await().untilAsserted(() -> assertThat(lives).hasContent("1\nlife\nlife\nlife\nlife"));
        assertThat(node.incarnations()).extracting(Incarnation::number).containsExactly(1, 2, 3, 4);
        assertThat(node.incarnations())
                .extracting(Incarnation::ending)
                .containsExactly("killed", "ended by signal 15", "killed", "");
    }

    // ---- ends

    @Test
    void a_process_that_ignores_its_stop_signal_is_killed_and_that_is_said() {
        Node node = node(
                shell("trap '' TERM; echo ready; while :; do sleep 0.1; done").stopsBy("TERM", ofMillis(300)));
        await().until(() -> node.output(1).contains("ready"));
        Report report = chaos.experiment("stubborn")
                .inject(new Stop(), chaos.service("worker"))
                .observe(drill -> {});

        String how = "did not end within 300ms of SIGTERM and was killed";
        assertThat(report.verdict()).isEqualTo(Verdict.SURVIVED);
        assertThat(report.events()).extracting(Event::text).contains("stopped: " + how);
        assertThat(report.nodes().get(0).incarnations().get(0).ending()).isEqualTo(how);
    }

    @Test
    void healing_is_not_cut_short_by_an_interruption() {
        Node node = node(shell("trap '' TERM; while :; do sleep 0.1; done").stopsBy("TERM", ofSeconds(1)));
        ActiveFault frozen = chaos.inject(new Pause(), Target.of(node));
        Thread.currentThread().interrupt();
        try {
            frozen.heal();
            assertThat(node.state()).isEqualTo(Node.State.READY);
            chaos.close();
        } finally {
            assertThat(Thread.interrupted()).as("status is kept").isTrue();
        }
        assertThat(node.state()).isEqualTo(Node.State.DOWN);
    }

    @Test
    void a_crash_in_the_middle_of_an_experiment_is_seen() throws IOException {
        try (LineServer server = new LineServer()) {
            Service kv = chaos.service("kv", server.upstream());
            Node node = node(shell("echo out of memory; exec sleep 300"));
            Report report = chaos.experiment("crash")
                    .steadyState(SteadyState.of("fine", () -> true).every(ofMillis(10)))
                    .inject(
                            new Latency(ofMillis(5)),
                            Target.of(kv),
                            Schedule.now().lasting(ofMillis(100)))
                    .inject(new Pause(), chaos.service("worker"), Schedule.now().lasting(ofMillis(50)))
                    .recoversWithin(ofMillis(500))
                    .observe(drill -> {
                        LineServer.ask(kv.address(), "a");
                        drill.awaitHealed();
                        ProcessHandle.of(Machine.pid(node)).orElseThrow().destroyForcibly();
                        await().until(() -> node.state() == Node.State.DOWN);
                    });

            assertThat(report.verdict()).isEqualTo(Verdict.NOT_RECOVERED);
            assertThat(report.text())
                    .startsWith("worker did not come back within 500ms after latency, pause was healed\n")
                    .contains("  last seen: DOWN; its last output:\n               | out of memory\n");
            assertThat(report.events()).extracting(Event::text).contains("ended by itself: ended by signal 9");
            Incarnation life = report.nodes().get(1).incarnations().get(0);
            assertThat(life.ending()).isEqualTo("ended by signal 9");
            assertThat(life.ended()).isAfterOrEqualTo(life.started());
        }
    }
}
