package dev.firedrill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.history.Invariant;
import dev.firedrill.history.Invariant.State;
import dev.firedrill.report.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The precedence of the verdicts: all that is true stays in the findings. */
class JudgeTests {

    private static final Invariant.Result BROKEN = new Invariant.Result("kept", State.BROKEN, "2 lost");
    private static final Evidence.Return BACK = new Evidence.Return(true, "recovered", null);
    private static final Evidence.Return AWAY = new Evidence.Return(false, "did not recover", null);

    private static Judge.Judgement judge(
            List<String> heal,
            List<String> inject,
            @Nullable String steady,
            @Nullable String aborted,
            @Nullable Throwable body,
            boolean effect,
            List<String> none,
            Evidence.@Nullable Return back,
            List<Invariant.Result> invariants) {
        return Judge.judge(new Evidence(
                "kv", heal, inject, steady, aborted, body, false, false, effect, none, back, invariants, true));
    }

    @Test
    void good_without_anything_bad() {
        assertThat(judge(List.of(), List.of(), null, null, null, true, List.of(), BACK, List.of())
                        .verdict())
                .isEqualTo(Verdict.RECOVERED);
    }

    @Test
    void findings_stand_in_the_order_of_their_verdicts() {
        assertThat(judge(
                                List.of(),
                                List.of(),
                                null,
                                null,
                                new IllegalStateException("no"),
                                true,
                                List.of("none"),
                                AWAY,
                                List.of(BROKEN))
                        .findings())
                .extracting(Finding::kind)
                .containsExactly(
                        Finding.Kind.INVARIANT_BROKEN,
                        Finding.Kind.NO_EFFECT,
                        Finding.Kind.NOT_RECOVERED,
                        Finding.Kind.BODY_FAILED);
    }

    @Test
    void survived_is_found_only_where_the_body_passed_under_a_fault() {
        for (List<String> none : List.of(List.<String>of(), List.of("none"))) {
            Evidence evidence = new Evidence(
                    "kv", List.of(), List.of(), null, null, null, false, false, true, none, BACK, List.of(), false);
            assertThat(Judge.judge(evidence).findings())
                    .extracting(Finding::kind)
                    .containsExactly(none.isEmpty() ? Finding.Kind.SURVIVED : Finding.Kind.NO_EFFECT);
        }
    }

    @Test
    void heal_failed_wins_over_everything() {
        Judge.Judgement judgement = judge(
                List.of("stuck"), List.of(), null, "assumption", null, true, List.of("none"), null, List.of(BROKEN));
        assertThat(judgement.verdict()).isEqualTo(Verdict.HEAL_FAILED);
        assertThat(judgement.findings()).hasSizeGreaterThan(2);
        assertThat(judgement.findings().get(0).text()).isEqualTo("stuck");
    }

    @Test
    void aborted_yields_only_to_heal_failed() {
        assertThat(judge(
                                List.of(),
                                List.of("x"),
                                null,
                                "assumption",
                                null,
                                true,
                                List.of("none"),
                                AWAY,
                                List.of(BROKEN))
                        .verdict())
                .isEqualTo(Verdict.ABORTED);
    }

    @Test
    void environment_before_test_before_system() {
        RuntimeException failure = new RuntimeException("x");
        assertThat(judge(List.of(), List.of(), "sick", null, null, false, List.of(), null, List.of())
                        .verdict())
                .isEqualTo(Verdict.NOT_STEADY);
        assertThat(judge(List.of(), List.of("no"), null, null, failure, false, List.of("none"), null, List.of())
                        .verdict())
                .isEqualTo(Verdict.INJECT_FAILED);
        assertThat(judge(List.of(), List.of(), null, null, failure, false, List.of("none"), AWAY, List.of(BROKEN))
                        .verdict())
                .isEqualTo(Verdict.TEST_FAILED);
        assertThat(judge(List.of(), List.of(), null, null, null, true, List.of("none"), AWAY, List.of(BROKEN))
                        .verdict())
                .isEqualTo(Verdict.NO_EFFECT);
        assertThat(judge(List.of(), List.of(), null, null, failure, true, List.of(), AWAY, List.of(BROKEN))
                        .verdict())
                .isEqualTo(Verdict.INVARIANT_BROKEN);
        assertThat(judge(List.of(), List.of(), null, null, failure, true, List.of(), AWAY, List.of())
                        .verdict())
                .isEqualTo(Verdict.NOT_RECOVERED);
        assertThat(judge(List.of(), List.of(), null, null, failure, true, List.of(), BACK, List.of())
                        .verdict())
                .isEqualTo(Verdict.BODY_FAILED);
    }

    @Test
    void a_body_cut_short_by_one_fault_is_not_blamed_for_missing_the_other() {
        Judge.Judgement judgement = judge(
                List.of(), List.of(), null, null, new RuntimeException("x"), true, List.of("2-kill"), BACK, List.of());
        assertThat(judgement.verdict()).isEqualTo(Verdict.BODY_FAILED);
        assertThat(judgement.findings()).extracting(finding -> finding.text()).contains("2-kill");
    }
}
