package dev.firedrill;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.report.Choice;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choices of a run repeated from the report.json that it wrote, those that followed from the order of traffic too. */
class ReplayTests {

    @TempDir
    Path home;

    LineServer server;

    @BeforeEach
    void start() throws IOException {
        server = new LineServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private interface Plan {
        Experiment.Builder on(Chaos chaos, Service kv);
    }

    /** Two connections that are there at once, of which {@code first} speaks first. */
    private Report run(long seed, @Nullable Path replay, String first, Plan plan) {
        Chaos.Builder builder = Chaos.builder().seed(seed).home(home.resolve("home"));
        try (Chaos chaos = builder.reports(home.resolve(replay == null ? "earlier" : "later"))
                .replay(replay)
                .start()) {
            Service kv = chaos.service("kv", server.upstream());
            return plan.on(chaos, kv).observe(drill -> {
                try (LineServer.Client a = new LineServer.Client(kv.address(), 2_000);
                        LineServer.Client b = new LineServer.Client(kv.address(), 2_000)) {
                    ask(first.equals("a") ? a : b);
                    ask(first.equals("a") ? b : a);
                }
            });
        }
    }

    private static void ask(LineServer.Client client) {
        for (int i = 0; i < 3; i++) {
            try {
                client.ask("message " + i);
            } catch (IOException e) {
                return; // this one was hit
            }
        }
    }

    private static List<Choice> not(List<Choice> choices, String value) {
        return choices.stream().filter(each -> !each.value().equals(value)).toList();
    }

    private static Path file(Report report) {
        return Objects.requireNonNull(report.file());
    }

    @Test
    void a_forced_choice_is_repeated_at_its_site_though_the_traffic_comes_in_another_order() {
        Plan plan = (chaos, kv) -> chaos.experiment("forced")
                .inject(new Latency(ofMillis(1)), kv, Schedule.now().probability(0.5));
        Report earlier = null;
        long seed = 0;
        while (earlier == null
                || earlier.choices().stream().noneMatch(each -> each.value().equals("forced"))) {
            assertThat(seed).as("one seed in 32 forces a choice").isLessThan(300);
            earlier = run(seed++, null, "a", plan);
        }

        Report later = run(999, file(earlier), "b", plan);

        assertThat(later.seed()).isEqualTo(earlier.seed());
        assertThat(not(later.choices(), "false")).containsExactlyInAnyOrderElementsOf(not(earlier.choices(), "false"));
        assertThat(later.verdict()).isEqualTo(earlier.verdict());
    }

    @Test
    void the_nth_candidate_is_the_same_one_though_the_traffic_comes_in_another_order() {
        Plan plan = (chaos, kv) -> chaos.experiment("nth")
                .inject(new Latency(ofMillis(1)), kv, Schedule.now().nth(2));
        Report earlier = run(7, null, "a", plan);
        Report fresh = run(7, null, "b", plan);
        Report later = run(7, file(run(7, null, "a", plan)), "b", plan);

        assertThat(not(fresh.choices(), "false"))
                .as("without a replay it is whoever comes second")
                .isNotEqualTo(not(earlier.choices(), "false"));
        assertThat(not(later.choices(), "false")).hasSize(1).isEqualTo(not(earlier.choices(), "false"));
    }

    @Test
    void connections_are_hit_as_before() {
        Plan plan = (chaos, kv) -> chaos.experiment("connections")
                .inject(new ResetPeer(), kv, Schedule.now().nth(1))
                .inject(new Refuse(), kv, Schedule.now().nth(9));
        Report earlier = run(7, null, "b", plan);
        Report later = run(7, file(earlier), "a", plan);

        assertThat(not(earlier.choices(), "false"))
                .singleElement()
                .satisfies(each -> assertThat(each.connection()).isEqualTo(1));
        assertThat(not(later.choices(), "false")).isEqualTo(not(earlier.choices(), "false"));
    }

    @Test
    void another_experiment_takes_the_seed_and_nothing_else() {
        Plan other = (chaos, kv) -> chaos.experiment("other")
                .inject(new Latency(ofMillis(1)), kv, Schedule.now().nth(2));
        Path report = file(run(
                41,
                null,
                "a",
                (chaos, kv) -> chaos.experiment("nth")
                        .inject(new Latency(ofMillis(1)), kv, Schedule.now().nth(5))));

        Report replayed = run(7, report, "b", other);

        assertThat(replayed.seed()).isEqualTo(41);
        assertThat(not(replayed.choices(), "false")).hasSize(1);
        assertThat(replayed.choices()).isEqualTo(run(41, null, "b", other).choices());
    }
}
