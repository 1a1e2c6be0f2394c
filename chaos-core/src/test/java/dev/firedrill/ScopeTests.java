package dev.firedrill;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.fault.Latency;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scopes share the ground and not the names. */
class ScopeTests {

    @TempDir
    Path home;

    LineServer one;
    LineServer two;
    Chaos chaos;

    @BeforeEach
    void start() throws IOException {
        one = new LineServer();
        two = new LineServer();
        two.answer(line -> "two " + line);
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
    }

    @AfterEach
    void stop() throws IOException {
        chaos.close();
        one.close();
        two.close();
    }

    @Test
    void two_scopes_use_one_name_for_two_services() throws IOException {
        Chaos first = chaos.scope(List.of());
        Chaos second = chaos.scope(List.of());
        Service kv = first.service("kv", one.upstream());
        Service other = second.service("kv", two.upstream());

        assertThat(LineServer.ask(kv.address(), "a")).isEqualTo("pong a");
        assertThat(LineServer.ask(other.address(), "a")).isEqualTo("two a");
        assertThat(first.seed()).isEqualTo(second.seed()).isEqualTo(7);
        Report report = first.experiment("in the first")
                .inject(new Latency(ofMillis(1)), Target.parse("kv"), Schedule.now())
                .run(drill -> {
                    LineServer.ask(kv.address(), "a");
                    // the other scope is free meanwhile
                    Report inside = second.experiment("in the second")
                            .inject(new Latency(ofMillis(1)), Target.parse("kv"), Schedule.now())
                            .run(inner -> LineServer.ask(other.address(), "b"));
                    assertThat(inside.verdict()).isEqualTo(Verdict.SURVIVED);
                });
        assertThat(report.steps().get(0).effects()).as("one answer, not two").isEqualTo(1);
    }

    @Test
    void closing_a_scope_ends_its_own_services_and_no_others() throws IOException {
        Service shared = chaos.service("kv", one.upstream());
        Chaos scope = chaos.scope(List.of(shared));
        Service own = scope.service("own", LineProcess.spec());
        assertThat(scope.services()).containsExactly(shared, own);
        assertThat(chaos.services()).containsExactly(shared);
        assertThat(LineServer.ask(own.address(), "a")).isEqualTo("pong a");

        scope.close();
        scope.close();

        assertThat(own.nodes().get(0).state()).isEqualTo(Node.State.DOWN);
        assertThatIllegalStateException()
                .isThrownBy(own::start)
                .withMessage("service own has ended: its Chaos was closed");
        assertThat(LineServer.ask(shared.address(), "a")).isEqualTo("pong a");
        assertThatIllegalStateException()
                .isThrownBy(() -> scope.service("late", one.upstream()))
                .withMessage("service late: this scope of a Chaos is closed");
        chaos.service("own", two.upstream());
    }

    @Test
    void closing_the_chaos_ends_the_services_of_its_scopes() throws IOException {
        Chaos scope = chaos.scope(List.of());
        Service own = scope.service("own", LineProcess.spec());
        var address = own.address();

        chaos.close();

        assertThat(own.nodes().get(0).state()).isEqualTo(Node.State.DOWN);
        assertThatThrownBy(() -> LineServer.ask(address, "a")).isInstanceOf(IOException.class);
        assertThatIllegalStateException()
                .isThrownBy(() -> scope.service("late", one.upstream()))
                .withMessage("service late: this Chaos is closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> chaos.scope(List.of()))
                .withMessage("scope: this Chaos is closed");
        scope.close();
    }

    @Test
    void an_experiment_of_a_scope_may_target_what_is_shared_with_it() throws IOException {
        Service shared = chaos.service("kv", one.upstream());
        Chaos scope = chaos.scope(List.of(shared));
        scope.share(shared);
        Report report = scope.experiment("shared")
                .inject(new Latency(ofMillis(1)), Target.parse("kv"), Schedule.now())
                .run(drill -> LineServer.ask(shared.address(), "a"));
        assertThat(report.verdict()).isEqualTo(Verdict.SURVIVED);
    }

    @Test
    void a_shared_service_takes_its_name() {
        Service shared = chaos.service("kv", one.upstream());
        Chaos scope = chaos.scope(List.of(shared));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scope.service("kv", two.upstream()))
                .withMessage("two services are named \"kv\"; give each a name of its own");
        Chaos other = chaos.scope(List.of());
        Service same = other.service("kv", two.upstream());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> scope.share(same))
                .withMessage("two services are named \"kv\"; give each a name of its own");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chaos.scope(List.of(shared, same)))
                .withMessage("two services are named \"kv\"; give each a name of its own");
    }

    @Test
    void switched_off_experiments_are_aborted_and_touch_nothing() throws IOException {
        try (Chaos off = Chaos.builder()
                .home(home.resolve("off"))
                .reports(home.resolve("reports"))
                .settings(name -> name.equals("chaos.enabled") ? "false" : null)
                .start()) {
            Service kv = off.service("kv", one.upstream());
            int looks = one.lines();
            Rehearsal rehearsal = off.experiment("off")
                    .steadyState("never looked at", () -> LineServer.ask(kv.address(), "health") != null)
                    .inject(new Latency(ofMillis(300)), kv)
                    .build()
                    .begin();

            assertThat(off.isEnabled()).isFalse();
            assertThat(rehearsal.isOpen()).isFalse();
            Report report = rehearsal.finish(null);
            assertThat(report.verdict()).isEqualTo(Verdict.ABORTED);
            assertThat(report.findings())
                    .singleElement()
                    .satisfies(finding ->
                            assertThat(finding.text()).isEqualTo("faults are switched off by chaos.enabled=false"));
            assertThat(report.steps().get(0).occurrences()).isZero();
            assertThat(report.samples()).isEmpty();
            assertThat(one.lines()).isEqualTo(looks);
            assertThat(Files.exists(home.resolve("reports/off/report.json"))).isTrue();
        }
    }
}
