package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Refuse;
import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.Sample;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.report.Event;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes back after a known time is measured right to a sampling interval. */
class RecoveryTimeIT {

    private static final Duration EVERY = ofMillis(100);

    /** What the two looks at the ends of an interval may take. */
    private static final Duration SLACK = ofMillis(300);

    @TempDir
    Path home;

    final AtomicBoolean sick = new AtomicBoolean();
    final AtomicLong wellAt = new AtomicLong();
    LineServer server;
    Chaos chaos;

    @BeforeEach
    void start() throws Exception {
        server = new LineServer();
        server.answer(line -> sick.get() && wellAt.get() - System.nanoTime() > 0 ? "sick" : "fine");
    }

    @AfterEach
    void stop() throws Exception {
        chaos.close();
        server.close();
    }

    private Service startWith(long millis) {
        SickEngine engine = new SickEngine(() -> backAfter(Long.MAX_VALUE / 4_000_000), () -> backAfter(millis));
        chaos = Chaos.builder().seed(7).home(home).reports(null).engine(engine).start();
        return chaos.service("kv", server.upstream());
    }

    private void backAfter(long millis) {
        wellAt.set(System.nanoTime() + ofMillis(millis).toNanos());
        sick.set(true);
    }

    private Experiment.Builder experiment(Service service) {
        return chaos.experiment("known")
                .steadyState(SteadyState.of(
                                "answers",
                                () -> LineServer.ask(service.address(), "how are you", 1_000)
                                        .equals("fine"))
                        .every(EVERY))
                .recoversWithin(ofSeconds(20));
    }

    private static void assertRight(Report report, Duration truth) {
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        Recovery recovery = report.recovery().orElseThrow();
        String measured = "measured " + recovery + ", in truth " + truth;
        System.out.println(measured);
        assertThat(recovery.from()).isEqualTo(Recovery.From.HEAL);
        assertThat(recovery.time()).as(measured).isGreaterThanOrEqualTo(truth.minus(ofMillis(2)));
        assertThat(recovery.notBefore()).as(measured).isLessThanOrEqualTo(truth.plus(ofMillis(2)));
        assertThat(recovery.time().minus(recovery.notBefore()))
                .as("the width of one interval: " + measured)
                .isEqualTo(lastInterval(report))
                .isLessThan(EVERY.plus(stall(report)).plus(SLACK));
    }

    /** From the begin of the last bad look to the end of the next, which was good. */
    private static Duration lastInterval(Report report) {
        List<Sample> after = after(report);
        int bad = after.size() - 1;
        while (after.get(bad).good()) {
            bad--;
        }
        return after.get(bad + 1).end().minus(after.get(bad).begin());
    }

    /** How much longer than asked for the machine let the looks wait, which the measure can't be blamed for. */
    private static Duration stall(Report report) {
        List<Sample> after = after(report);
        return IntStream.range(1, after.size())
                .mapToObj(
                        i -> after.get(i).begin().minus(after.get(i - 1).end()).minus(EVERY))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private static List<Sample> after(Report report) {
        return report.samples().stream()
                .filter(sample -> sample.phase() == Sample.Phase.AFTER)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {200, 1_000, 5_000})
    void counted_from_the_end_of_the_body_if_that_is_later_than_the_heal(long millis) {
        Service kv = startWith(millis);
        Report report = experiment(kv)
                .inject(new Refuse(), kv, Schedule.now().lasting(ofMillis(500)))
                .observe(drill -> {
                    assertThat(kv.address()).isNotNull();
                    try (LineServer.Client client = new LineServer.Client(kv.address(), 1_000)) {
                        client.ask("refused");
                    } catch (IOException e) {
                        drill.awaitHealed();
                    }
                    backAfter(millis);
                });
        assertRight(report, ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(longs = {200, 1_000, 5_000})
    void counted_from_the_heal_if_that_is_later_than_the_end_of_the_body(long millis) {
        Service kv = startWith(millis);
        Report report = experiment(kv)
                .inject(
                        new SickEngine.Sick(),
                        kv,
                        Schedule.now().after(ofMillis(50)).lasting(ofMillis(300)))
                .observe(Drill::awaitActive);
        assertRight(report, ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(longs = {200, 1_000, 5_000})
    void of_a_process_that_is_ready_late(long millis) throws Exception {
        startWith(0);
        Service late = chaos.service(
                "late",
                LocalProcess.of(JavaProgram.command(LateProgram.class, "{port}").toArray(String[]::new))
                        .ports(1));
        Path data =
                home.resolve("nodes").resolve(Machine.directories(home).get(0)).resolve("data");
        Files.writeString(data.resolve("delay"), String.valueOf(millis));
        Report report = experiment(late)
                .inject(new Kill(), late, Schedule.now().after(ofMillis(50)).lasting(ofMillis(200)))
                .observe(drill -> {
                    drill.awaitActive();
                    assertThat(late.nodes().get(0).state()).isEqualTo(Node.State.DOWN);
                    try (LineServer.Client client = new LineServer.Client(late.address(), 1_000)) {
                        client.ask("refused");
                    } catch (IOException e) {
                        return;
                    }
                });

        Instant healed = report.events().stream()
                .filter(event -> event.kind() == Event.Kind.HEAL)
                .map(event -> report.started().plus(event.at()))
                .findFirst()
                .orElseThrow();
        List<String> output = late.nodes().get(0).output(1);
        Instant back = Instant.parse(output.get(0).substring(LateProgram.ACCEPTS.length()));
        Duration truth = Duration.between(healed, back);
        assertThat(truth).isGreaterThan(ofMillis(millis - 50));
        assertRight(report, truth);
    }
}
