package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Refuse;
import dev.firedrill.history.Operation;
import dev.firedrill.probe.Recovery;
import dev.firedrill.probe.Sample;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.report.Event;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The moment at which something came back lies in the measured interval, which is as wide as two looks lie apart. */
class RecoveryTimeIT {

    private static final Duration EVERY = ofMillis(100);

    /** What the two looks at the ends of an interval may take. */
    private static final Duration SLACK = ofMillis(300);

    /** What the time of day, which alone two processes share, may drift from the clock that measures. */
    private static final Duration CLOCKS = ofMillis(2);

    /** What may pass from when something begins to come back to when it is healed, or the body over, by the report. */
    private static final Duration MOMENT = ofMillis(2);

    private static final String ANCHOR = "anchor";

    @TempDir
    Path home;

    final Watch watch = new Watch();
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
        chaos = Chaos.builder()
                .seed(7)
                .home(home)
                .reports(null)
                .time(watch)
                .engine(engine)
                .start();
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

    /** Ties the report's offsets to the clock: what comes out is the reading that the operation's begin was made of. */
    private void anchor(Drill drill) throws Exception {
        drill.operation(ANCHOR, () -> watch.last.get());
    }

    private static Operation anchored(Report report) {
        return report.history().named(ANCHOR).operations().get(0);
    }

    private static Duration offset(Report report, long nanos) {
        Operation anchor = anchored(report);
        long reading = (Long) Objects.requireNonNull(anchor.output());
        return anchor.begin().plusNanos(nanos - reading);
    }

    private void assertRight(Report report, long millis) {
        Duration back = offset(report, wellAt.get());
        assertRight(report, back, back);
        assertThat(report.recovery().orElseThrow().time())
                .as("no shorter than the time it was to take")
                .isGreaterThanOrEqualTo(ofMillis(millis).minus(MOMENT));
    }

    /** The true moment is an offset as well, known to a span if it was read from another clock. */
    private static void assertRight(Report report, Duration earliest, Duration latest) {
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.RECOVERED);
        Recovery recovery = report.recovery().orElseThrow();
        Duration start = clockStart(report, recovery);
        String measured = "measured " + recovery + ", in truth " + earliest.minus(start) + " to " + latest.minus(start);
        System.out.println(measured);
        assertThat(recovery.from()).isEqualTo(Recovery.From.HEAL);
        assertThat(recovery.notBefore()).as(measured).isLessThan(latest.minus(start));
        assertThat(recovery.time()).as(measured).isGreaterThanOrEqualTo(earliest.minus(start));
        assertThat(recovery.time().minus(recovery.notBefore()))
                .as("the width of one interval: " + measured)
                .isEqualTo(lastInterval(report))
                .isLessThan(EVERY.plus(stall(report)).plus(SLACK));
    }

    /** Where the measure counted from: after the last heal and the end of what the body did, before the first look. */
    private static Duration clockStart(Report report, Recovery recovery) {
        List<Sample> after = after(report);
        Duration start = after.get(lastBad(after) + 1).end().minus(recovery.time());
        assertThat(start)
                .isGreaterThanOrEqualTo(anchored(report).end())
                .isGreaterThanOrEqualTo(healed(report))
                .isLessThanOrEqualTo(after.get(0).begin());
        return start;
    }

    private static Duration healed(Report report) {
        return report.events().stream()
                .filter(event -> event.kind() == Event.Kind.HEAL)
                .map(Event::at)
                .max(Duration::compareTo)
                .orElseThrow();
    }

    /** From the begin of the last bad look to the end of the next, which was good. */
    private static Duration lastInterval(Report report) {
        List<Sample> after = after(report);
        int bad = lastBad(after);
        return after.get(bad + 1).end().minus(after.get(bad).begin());
    }

    private static int lastBad(List<Sample> after) {
        int bad = after.size() - 1;
        while (after.get(bad).good()) {
            bad--;
        }
        return bad;
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
                    anchor(drill);
                });
        assertRight(report, millis);
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
                .observe(drill -> {
                    anchor(drill);
                    drill.awaitActive();
                });
        assertRight(report, millis);
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
                    anchor(drill);
                    drill.awaitActive();
                    assertThat(late.nodes().get(0).state()).isEqualTo(Node.State.DOWN);
                    try (LineServer.Client client = new LineServer.Client(late.address(), 1_000)) {
                        client.ask("refused");
                    } catch (IOException e) {
                        return;
                    }
                });

        List<String> output = late.nodes().get(0).output(1);
        Instant back = Instant.parse(output.get(0).substring(LateProgram.ACCEPTS.length()));
        long before = System.nanoTime();
        Duration since = Duration.between(back, Instant.now());
        long after = System.nanoTime();
        Duration earliest = offset(report, before).minus(since).minus(CLOCKS);
        assertRight(report, earliest, offset(report, after).minus(since).plus(CLOCKS));
        assertThat(earliest.minus(healed(report)))
                .isGreaterThan(ofMillis(millis - 50))
                .isLessThanOrEqualTo(report.recovery().orElseThrow().time());
    }

    /** The machine's clock, which knows what a thread read last. */
    private static final class Watch implements TimeSource {

        private final ThreadLocal<Long> last = new ThreadLocal<>();

        @Override
        public long nanos() {
            long now = System.nanoTime();
            last.set(now);
            return now;
        }

        @Override
        public Instant now() {
            return Instant.now();
        }
    }
}
