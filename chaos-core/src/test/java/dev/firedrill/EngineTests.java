package dev.firedrill;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firedrill.fault.Fault;
import dev.firedrill.report.Finding;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Engine;
import dev.firedrill.spi.Occurrence;
import dev.firedrill.spi.Prepared;
import dev.firedrill.spi.Resolved;
import dev.firedrill.spi.Support;
import dev.firedrill.spi.UndoRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An engine and a fault of one's own: what the SPI promises, and what it says when they break their side of it. */
class EngineTests {

    @TempDir
    Path folder;

    Path home;
    Path file;
    LineServer server;
    FileEngine engine = new FileEngine("files");
    Chaos chaos;
    Service kv;

    @BeforeEach
    void start() throws IOException {
        home = folder.resolve("home");
        file = Files.writeString(folder.resolve("kv.conf"), "a");
        server = new LineServer();
        server.answer(line -> Files.exists(file) ? "pong " + line : "no configuration");
        chaos = open(engine);
        kv = chaos.service("kv", server.upstream());
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        server.close();
    }

    private Chaos open(FileEngine... engines) {
        Chaos.Builder builder = Chaos.builder().seed(7).home(home).reports(null);
        Stream.of(engines).forEach(builder::engine);
        return builder.start();
    }

    private Experiment.Builder mislaid(Schedule schedule) {
        return chaos.experiment("mislaid")
                .steadyState("kv answers", () -> ask().startsWith("pong"))
                .inject(new FileEngine.Mislaid(file), Target.of(kv), schedule);
    }

    private String ask() throws IOException {
        return LineServer.ask(kv.address(), "a");
    }

    private String journal() {
        StringBuilder all = new StringBuilder();
        for (Path each : journals()) {
            try {
                all.append(Files.readString(each));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all.toString();
    }

    private List<Path> journals() {
        try (Stream<Path> files = Files.list(home)) {
            return files.filter(each -> each.toString().endsWith(".jsonl")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void makes_its_fault_after_the_way_back_is_on_disk_and_crosses_it_out_when_healed() {
        List<String> atActivation = new ArrayList<>();
        engine.beforeActivate = () -> atActivation.add(journal());

        Report report = mislaid(Schedule.now()).run(drill -> assertThat(ask()).isEqualTo("no configuration"));

        assertThat(report.verdict()).isEqualTo(Verdict.RECOVERED);
        assertThat(report.steps().get(0).resolved()).containsExactly("kv");
        assertThat(report.steps().get(0).grade()).isEqualTo(Report.Grade.OBSERVED);
        assertThat(atActivation)
                .singleElement()
                .satisfies(text -> assertThat(text)
                        .endsWith(
                                "{\"id\":1,\"engine\":\"files\",\"action\":\"put-back\",\"what\":\"kv.conf\",\"data\":"
                                        + "{\"file\":\"" + file + "\"}}\n"));
        assertThat(journal()).endsWith("{\"done\":1}\n");
        assertThat(engine.calls).containsExactly("prepare 0", "activate 0", "heal 0");
        chaos.close();
        assertThat(engine.calls).endsWith("close");
        assertThat(journals()).isEmpty();
    }

    @Test
    void its_fault_follows_the_schedule_like_any_other() {
        Report report = mislaid(
                        Schedule.now().after(ofMillis(50)).lasting(ofMillis(60)).every(ofMillis(120), 3))
                .run(drill -> {
                    for (int i = 0; i < 40; i++) {
                        ask();
                        VerdictTests.pause(10);
                    }
                    drill.awaitHealed();
                });

        assertThat(report.verdict()).isEqualTo(Verdict.RECOVERED);
        assertThat(report.steps().get(0).occurrences()).isEqualTo(3);
        assertThat(engine.calls)
                .containsSubsequence("activate 0", "heal 0", "activate 1", "heal 1", "activate 2", "heal 2");
    }

    @Test
    void a_fault_on_a_node_that_the_test_does_not_use_proves_nothing() {
        Report waited = mislaid(Schedule.now()).observe(drill -> VerdictTests.pause(100));
        assertThat(waited.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(waited.findings().get(0).text())
                .isEqualTo(
                        "mislaid-file on kv took effect, but nothing of the test overlapped it: no connection of the test"
                                + " met it; let the body use the service while the fault is in force (drill.awaitActive() waits"
                                + " for it), through the address of its link");

        Report after = mislaid(Schedule.now().lasting(ofMillis(30))).observe(drill -> {
            drill.awaitHealed();
            ask();
        });
        assertThat(after.verdict()).isEqualTo(Verdict.NO_EFFECT);
    }

    @Test
    void a_fault_that_its_engine_did_not_see_take_hold_had_no_effect() {
        engine.blind = true;
        Report report = mislaid(Schedule.now()).observe(drill -> ask());
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.findings().get(0).text())
                .isEqualTo("mislaid-file on kv had no effect: the engine files did not see it take hold of kv");
    }

    @Test
    void an_activation_that_throws_has_undone_its_own_work() {
        engine.beforeActivate = () -> {
            throw new IllegalStateException("the disk is read-only");
        };
        Report before = mislaid(Schedule.now()).observe(drill -> ask());
        assertThat(before.verdict()).isEqualTo(Verdict.INJECT_FAILED);
        assertThat(before.findings().get(0))
                .isEqualTo(new Finding(
                        Finding.Kind.INJECT_FAILED, "mislaid-file on kv could not be made: the disk is read-only"));
        assertThat(before.history().operations()).as("the body did not run").isEmpty();

        Report beside = mislaid(Schedule.now().after(ofMillis(20))).observe(drill -> ask());
        assertThat(beside.verdict()).isEqualTo(Verdict.INJECT_FAILED);
        assertThat(beside.cause()).hasMessage("the disk is read-only");
        assertThat(engine.calls).doesNotContain("heal 0");
        chaos.close();
        assertThat(journals()).as("nothing is left to undo").isEmpty();
    }

    @Test
    void an_error_leaves_the_record_for_the_next_start() {
        engine.beforeActivate = () -> {
            throw new NoClassDefFoundError("com/example/Missing");
        };
        Report report = mislaid(Schedule.now().after(ofMillis(20))).observe(drill -> ask());

        assertThat(report.verdict()).isEqualTo(Verdict.INJECT_FAILED);
        assertThat(report.cause()).isInstanceOf(NoClassDefFoundError.class);
        chaos.close();
        assertThat(journal()).contains("put-back").doesNotContain("done");
    }

    @Test
    void a_fault_that_can_not_be_healed_is_said_now_at_the_next_experiment_and_undone_by_a_later_start()
            throws IOException {
        engine.beforeHeal = () -> {
            throw new IllegalStateException("permission denied");
        };
        Report report = mislaid(Schedule.now()).observe(drill -> ask());
        assertThat(report.verdict()).isEqualTo(Verdict.HEAL_FAILED);
        assertThat(report.text())
                .startsWith("mislaid-file on kv could not be undone: permission denied\n"
                        + "  verdict : HEAL_FAILED, Firedrill must act\n");
        assertThat(report.findings()).noneMatch(each -> each.kind() == Finding.Kind.NOT_RECOVERED);

        Report next = mislaid(Schedule.now()).steadyWithin(ofMillis(200)).observe(drill -> ask());
        assertThat(next.verdict()).isEqualTo(Verdict.HEAL_FAILED);
        assertThat(next.findings().get(0).text())
                .startsWith("\"kv answers\" did not hold within 200ms before any fault was injected; last seen: false ")
                .endsWith("(an earlier experiment left it so: 1-mislaid-file could not be undone: permission denied)");

        chaos.close();
        dieInstead();
        FileEngine later = new FileEngine("files");
        chaos = open(later);
        assertThat(later.calls).containsExactly("undo");
        assertThat(chaos.leftovers())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("put kv.conf back, left by process "));
        assertThat(file).exists();
        assertThat(journals()).hasSize(1);
    }

    /** What this JVM wrote it never reads again: another one is said to have written it. */
    private void dieInstead() throws IOException {
        for (Path each : journals()) {
            Files.move(each, each.resolveSibling("journal-1-1-0.jsonl"));
        }
    }

    @Test
    void a_later_start_without_the_engine_says_so_and_leaves_the_record() throws IOException {
        engine.beforeHeal = () -> {
            throw new IllegalStateException("permission denied");
        };
        mislaid(Schedule.now()).observe(drill -> ask());
        chaos.close();
        dieInstead();

        chaos = open();
        assertThat(chaos.leftovers())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("could not undo put-back of kv.conf, left by process ")
                        .endsWith(": no engine named files is here to undo kv.conf; the next start tries again"));
        chaos.close();

        FileEngine later = new FileEngine("files");
        chaos = open(later);
        assertThat(file).exists();
    }

    @Test
    void a_fault_injected_by_hand_is_healed_before_its_engine_is_closed() {
        chaos.inject(new FileEngine.Mislaid(file), Target.of(kv));
        assertThat(file).doesNotExist();
        chaos.close();
        assertThat(file).exists();
        assertThat(engine.calls).endsWith("heal 0", "close");
    }

    @Test
    void an_undo_record_must_name_its_engine() {
        engine.recordName = "elsewhere";
        Report report = mislaid(Schedule.now()).observe(drill -> ask());
        assertThat(report.verdict()).isEqualTo(Verdict.INJECT_FAILED);
        assertThat(report.findings().get(0).text())
                .isEqualTo(
                        "mislaid-file on kv could not be made: engine files names \"elsewhere\" in its undo record, so that a later start would ask another"
                                + " engine to undo it; give its own name");
        assertThat(file).exists();
    }

    /** Made beside the links, such as a firewall's rule is, by an engine that counts for itself. */
    private record Muddled() implements Fault {
        @Override
        public String kind() {
            return "muddled-answers";
        }

        @Override
        public Place place() {
            return Place.LINK;
        }
    }

    @Test
    void a_link_fault_of_ones_own_counts_its_own_effects() {
        chaos.close();
        chaos = Chaos.builder().home(home).reports(null).engine(new Muddler()).start();
        kv = chaos.service("kv", server.upstream());
        Experiment.Builder plan = chaos.experiment("muddled").inject(new Muddled(), kv);

        Report used = plan.observe(drill -> assertThat(ask()).isEqualTo("muddle"));
        assertThat(used.verdict()).isEqualTo(Verdict.SURVIVED);
        assertThat(used.steps().get(0).resolved()).containsExactly("test->kv");
        assertThat(used.steps().get(0).overlapped()).isEqualTo(1);
        assertThat(plan.observe(drill -> {}).verdict()).isEqualTo(Verdict.NO_EFFECT);
    }

    private final class Muddler implements Engine {

        @Override
        public String name() {
            return "muddler";
        }

        @Override
        public Support supports(Fault fault, Resolved target) {
            return fault instanceof Muddled ? Support.YES : Support.no("it makes muddled-answers only");
        }

        @Override
        public Prepared prepare(Occurrence occurrence) {
            return new Prepared() {
                @Override
                public UndoRecord undo() {
                    return UndoRecord.DIES_WITH_JVM;
                }

                @Override
                public ActiveFault activate() {
                    server.answer(line -> {
                        occurrence
                                .target()
                                .links()
                                .forEach(link -> occurrence.effects().touched(link, !link.isLookedAt()));
                        return "muddle";
                    });
                    return () -> server.answer(line -> "pong " + line);
                }
            };
        }

        @Override
        public String undo(UndoRecord record) {
            return "";
        }
    }

    @Test
    void two_engines_of_one_name_are_refused() {
        for (String taken : new String[] {"files", "node", "embedded"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Chaos.builder().engine(engine).engine(new FileEngine(taken)))
                    .withMessage("two engines are named \"" + taken
                            + "\"; give each a name of its own, for undo records name the engine");
        }
    }

    @Test
    void a_fault_that_no_engine_knows_is_refused_with_each_ones_reason() {
        record Flood() implements Fault {
            @Override
            public String kind() {
                return "flood";
            }

            @Override
            public Place place() {
                return Place.LINK;
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chaos.experiment("x").inject(new Flood(), kv).build())
                .withMessage("no engine can make flood on kv:\n"
                        + "  embedded: the embedded proxy does not know flood; register an engine of your own that makes it"
                        + " on links\n"
                        + "  node: it makes kill, stop, pause, restart and kill-before-reply only\n"
                        + "  files: it makes mislaid-file only");
    }

    @Test
    void what_can_not_be_undone_is_refused_on_somebody_elses_server() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chaos.experiment("x")
                        .inject(new FileEngine.Mislaid(file, Fault.Reversal.IRREVERSIBLE), kv)
                        .build())
                .withMessage("mislaid-file on kv: it can't be undone, and kv is somebody else's server; use it on what"
                        + " Firedrill started, such as a LocalProcess");
    }
}
