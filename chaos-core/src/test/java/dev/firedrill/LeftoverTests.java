package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Pause;
import dev.firedrill.probe.Probe;
import dev.firedrill.probe.SteadyState;
import dev.firedrill.report.Event;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.TestAbortedException;

/** Whatever an experiment comes to, it leaves nothing behind: no thread, no fault, no port, nothing to undo. */
class LeftoverTests {

    private static final List<Fault> LINK_FAULTS = List.of(new Blackhole());
    private static final List<Fault> NODE_FAULTS = List.of(new Kill(), new Kill(Kill.Looks.SILENCE), new Pause());

    @TempDir
    Path home;

    LineServer server;
    Chaos chaos;
    Service kv;
    Service node;
    AtomicReference<Mood> mood = new AtomicReference<>(Mood.WELL);
    CountDownLatch hang = new CountDownLatch(1);

    private enum Mood {
        WELL,
        SICK,
        HANGING
    }

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
        kv = chaos.service("kv", server.upstream());
        node = chaos.service("node", LineProcess.spec());
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
        assertThat(threads()).isEmpty();
        assertThat(Machine.journals(home)).isEmpty();
        assertThat(Machine.directories(home)).isEmpty();
    }

    /** How the body of an experiment ends, and with which verdict. */
    enum Ending {
        PASSES(Verdict.RECOVERED) {
            @Override
            void end(LeftoverTests test, Drill drill) {}
        },
        FAILS(Verdict.BODY_FAILED) {
            @Override
            void end(LeftoverTests test, Drill drill) {
                throw new IllegalStateException("x");
            }
        },
        ENDS_BY_AN_ERROR(Verdict.BODY_FAILED) {
            @Override
            void end(LeftoverTests test, Drill drill) {
                throw new StackOverflowError();
            }
        },
        IS_ABORTED(Verdict.ABORTED) {
            @Override
            void end(LeftoverTests test, Drill drill) {
                throw new TestAbortedException("not here");
            }
        },
        IS_INTERRUPTED(Verdict.ABORTED) {
            @Override
            void end(LeftoverTests test, Drill drill) throws InterruptedException {
                throw new InterruptedException();
            }
        },
        LEAVES_AN_INTERRUPT_BEHIND(Verdict.RECOVERED) {
            @Override
            void end(LeftoverTests test, Drill drill) {
                Thread.currentThread().interrupt();
            }
        },
        LEAVES_THE_SYSTEM_SICK(Verdict.NOT_RECOVERED) {
            @Override
            void end(LeftoverTests test, Drill drill) {
                test.mood.set(Mood.SICK);
            }
        },
        LEAVES_A_PROBE_HANGING(Verdict.NOT_RECOVERED) {
            @Override
            void end(LeftoverTests test, Drill drill) {
                test.mood.set(Mood.HANGING);
            }
        };

        private final Verdict verdict;

        Ending(Verdict verdict) {
            this.verdict = verdict;
        }

        abstract void end(LeftoverTests test, Drill drill) throws Exception;
    }

    private boolean look() throws InterruptedException {
        if (mood.get() == Mood.HANGING) {
            hang.await();
        }
        return mood.get() == Mood.WELL;
    }

    private Experiment.Builder plan(String name, Fault fault, Service service) {
        return chaos.experiment(name)
                .steadyState(SteadyState.of("well", Probe.overOwnLink(this::look))
                        .every(ofMillis(5))
                        .timeout(ofMillis(100))
                        .hold(2)
                        .during(true))
                .inject(fault, service)
                .recoversWithin(ofMillis(300));
    }

    @ParameterizedTest
    @EnumSource(Ending.class)
    void after_each_ending_of_the_body(Ending ending) {
        for (Fault fault : LINK_FAULTS) {
            leavesNothing(ending, fault, kv);
        }
        for (Fault fault : NODE_FAULTS) {
            leavesNothing(ending, fault, node);
        }
    }

    private void leavesNothing(Ending ending, Fault fault, Service service) {
        Set<Integer> ports = Machine.listening();
        List<String> toUndo = Machine.toUndo(home);
        mood.set(Mood.WELL);

        // the node may need longer than 300 ms to be ready, which is another matter
        Report report = plan(ending + " under " + fault.kind(), fault, service)
                .recoversWithin(ending.verdict == Verdict.NOT_RECOVERED ? ofMillis(300) : ofSeconds(20))
                .observe(drill -> {
                    touch(service);
                    ending.end(this, drill);
                });

        assertThat(Thread.interrupted())
                .isEqualTo(ending == Ending.IS_INTERRUPTED || ending == Ending.LEAVES_AN_INTERRUPT_BEHIND);
        assertThat(report.verdict()).as(report.text()).isEqualTo(ending.verdict);
        nothingIsLeft(service, ports);
        assertThat(Machine.toUndo(home)).hasSameSizeAs(toUndo);
    }

    /** Something of the test that meets the fault, whatever comes of it. */
    private static void touch(Service service) {
        try {
            LineServer.ask(service.address(), "a", 100);
        } catch (IOException e) {
            return; // that is the fault
        }
    }

    private void nothingIsLeft(Service service, Set<Integer> ports) {
        await().atMost(ofSeconds(20)).untilAsserted(() -> assertThat(threads()).containsOnly("firedrill-io"));
        assertThat(Machine.listening()).isEqualTo(ports);
        Node first = service.nodes().get(0);
        assertThat(first.state()).isEqualTo(Node.State.READY);
        if (!first.isForeign()) {
            assertThat(Machine.state(Machine.pid(first)))
                    .as("neither frozen nor dead")
                    .isNotIn('T', 'X', 'Z');
        }
        assertThat(answer(service)).as("no fault is in force").isEqualTo("pong b");
    }

    private static String answer(Service service) {
        try {
            return LineServer.ask(service.address(), "b", 10_000);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("firedrill"))
                .toList();
    }

    @Test
    void when_the_system_is_not_steady_or_a_fault_can_not_be_made() {
        Set<Integer> ports = Machine.listening();
        mood.set(Mood.HANGING);
        Report hanging = plan("hanging before", new Blackhole(), kv)
                .steadyWithin(ofMillis(200))
                .observe(drill -> {});
        assertThat(hanging.verdict()).isEqualTo(Verdict.NOT_STEADY);
        assertThat(hanging.findings().get(0).text()).contains("last seen: no answer within 100ms");
        nothingIsLeft(kv, ports);

        mood.set(Mood.WELL);
        Report twice = plan("killed twice", new Kill(), node)
                .inject(new Kill(), node, Schedule.now())
                .inject(new Blackhole(), kv)
                .observe(drill -> {});
        assertThat(twice.verdict()).isEqualTo(Verdict.INJECT_FAILED);
        assertThat(twice.findings().get(0).text())
                .startsWith("kill on node could not be made: node is down already, so there is nothing to kill; ");
        await().atMost(ofSeconds(20)).until(() -> node.nodes().get(0).state() == Node.State.READY);
        nothingIsLeft(node, ports);
    }

    @Test
    void when_the_body_is_interrupted_while_the_rest_of_the_schedule_is_awaited() {
        Set<Integer> ports = Machine.listening();
        Thread test = Thread.currentThread();
        Thread interrupter = new Thread(() -> {
            await().atMost(ofSeconds(20)).until(() -> isWaitingForTheSchedule(test));
            test.interrupt();
        });
        Report report = plan("interrupted", new Blackhole(), kv)
                .inject(new Latency(ofMillis(200)), kv, Schedule.now().after(ofSeconds(20)))
                .observe(drill -> {
                    touch(kv);
                    interrupter.start();
                });
        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.verdict()).isEqualTo(Verdict.ABORTED);
        nothingIsLeft(kv, ports);
    }

    private static boolean isWaitingForTheSchedule(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getMethodName().equals("awaitOver"));
    }

    @Test
    void when_everything_is_closed_in_the_middle_of_a_body() throws IOException {
        Set<Integer> before = Machine.listening();
        Chaos other = Chaos.builder().home(home).reports(null).start();
        try {
            Service service = other.service("kv", server.upstream());
            Service process = other.service("node", LineProcess.spec());
            long pid = Machine.pid(process.nodes().get(0));
            Rehearsal open = other.experiment("left open")
                    .steadyState(SteadyState.of("well", this::look).during(true))
                    .inject(new Blackhole(), service)
                    .inject(new Pause(), process)
                    .build()
                    .begin();
            assertThat(open.isOpen()).isTrue();
            assertThat(Machine.state(pid)).isEqualTo('T');
            other.close();
            assertThat(Machine.isAlive(pid)).isFalse();
            assertThat(Machine.listening()).isEqualTo(before);
            Report report = open.finish(null);
            assertThat(report.events()).anyMatch(event -> event.kind() == Event.Kind.HEAL);
        } finally {
            other.close();
        }
        await().atMost(ofSeconds(20)).untilAsserted(() -> assertThat(threads()).containsOnly("firedrill-io"));
    }

    @Test
    void a_probe_that_does_not_heed_its_interruption_is_named_and_gone_when_it_ends() {
        CountDownLatch end = new CountDownLatch(1);
        Report report = chaos.experiment("deaf")
                .steadyState(SteadyState.of("deaf", () -> {
                            if (mood.get() == Mood.WELL) {
                                return true;
                            }
                            while (end.getCount() > 0) {
                                Thread.onSpinWait();
                            }
                            return false;
                        })
                        .every(ofMillis(5))
                        .timeout(ofMillis(50)))
                .inject(new Blackhole(), kv)
                .recoversWithin(ofMillis(300))
                .observe(drill -> {
                    touch(kv);
                    mood.set(Mood.HANGING);
                });
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_RECOVERED);
        assertThat(report.text())
                .contains("last seen: not looked: the look before still hangs, although it was interrupted");
        assertThat(report.events())
                .filteredOn(event -> event.kind() == Event.Kind.TROUBLE)
                .extracting(Event::text)
                .containsExactly(
                        "a look at the steady state hangs and does not heed its interruption; its thread is left behind");
        assertThat(Stream.of("firedrill-probe-deaf")).isSubsetOf(threads());
        end.countDown();
        await().atMost(ofSeconds(20)).untilAsserted(() -> assertThat(threads()).containsOnly("firedrill-io"));
    }
}
