package dev.firedrill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users give as text: each bad value with its exact message, and which of two sources wins. */
class SettingsTests {

    @TempDir
    Path folder;

    private ClassLoader before;
    private URLClassLoader loader;

    @BeforeEach
    void see_the_folder_on_the_class_path() throws IOException {
        before = Thread.currentThread().getContextClassLoader();
        loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(loader);
    }

    @AfterEach
    void forget_the_folder() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        loader.close();
    }

    private static Chaos.Builder given(String... namesAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Chaos.builder().settings(values::get);
    }

    private void profile(String name, String... lines) throws IOException {
        Files.write(folder.resolve("chaos-" + name + ".properties"), java.util.List.of(lines));
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    @Test
    void nothing_given_changes_nothing() {
        Chaos.Builder plain = given();
        assertThat(plain.seed).isNull();
        assertThat(plain.enabled).isTrue();
        assertThat(plain.replay).isNull();
        assertThat(plain.reports).isEqualTo(Path.of("target", "chaos-reports"));
        assertThat(given("chaos.seed", "  ", "chaos.enabled", "").seed)
                .as("blank is not given")
                .isNull();
    }

    @Test
    void a_report_says_how_this_chaos_can_repeat_it() {
        try (Chaos plain = Chaos.builder().seed(7).home(folder).reports(null).start();
                Chaos set = given("chaos.seed", "8").home(folder).reports(null).start()) {
            assertThat(plain.ground().howToRepeat()).isEqualTo("7 (repeat with Chaos.builder().seed(7))");
            assertThat(set.ground().howToRepeat()).isEqualTo("8 (rerun with -Dchaos.seed=8)");
        }
    }

    @Test
    void every_setting_is_taken() {
        Chaos.Builder all = given(
                "chaos.enabled", "false", "chaos.seed", " -8231 ", "chaos.engine", "auto", "chaos.report.dir", "out");
        assertThat(all.enabled).isFalse();
        assertThat(all.seed).isEqualTo(-8231);
        assertThat(all.reports).isEqualTo(Path.of("out"));
        assertThat(given("chaos.engine", "embedded", "chaos.enabled", "true").enabled)
                .isTrue();
        assertThat(given("chaos.replay", "a/report.json").replay).isEqualTo(Path.of("a/report.json"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chaos.seed   |abc       |chaos.seed \"abc\" is no whole number of 64 bits; write the number that a report printed, such as -Dchaos.seed=8231, or leave it out for a fresh one",
                "chaos.seed   |1.5       |chaos.seed \"1.5\" is no whole number of 64 bits; write the number that a report printed, such as -Dchaos.seed=8231, or leave it out for a fresh one",
                "chaos.seed   |9223372036854775808|chaos.seed \"9223372036854775808\" is no whole number of 64 bits; write the number that a report printed, such as -Dchaos.seed=8231, or leave it out for a fresh one",
                "chaos.engine |toxic     |chaos.engine \"toxic\" is unknown; allowed are auto (the default), embedded and toxiproxy",
                "chaos.toxiproxy|localhost |chaos.toxiproxy \"localhost\" is not of the form host:port; give where the API of a running Toxiproxy answers, such as -Dchaos.toxiproxy=localhost:8474",
                "chaos.toxiproxy|host:99999|chaos.toxiproxy \"host:99999\" is not of the form host:port; give where the API of a running Toxiproxy answers, such as -Dchaos.toxiproxy=localhost:8474",
                "chaos.enabled|maybe     |chaos.enabled \"maybe\" is neither true nor false; write -Dchaos.enabled=false to skip every test with a fault",
                "chaos.enabled|TRUE      |chaos.enabled \"TRUE\" is neither true nor false; write -Dchaos.enabled=false to skip every test with a fault",
                "chaos.profile|nightly   |chaos.profile \"nightly\" is unknown: there is no chaos-nightly.properties on the class path; add one (src/test/resources/chaos-nightly.properties) with lines such as chaos.seed=8231",
                "chaos.profile|../nightly|chaos.profile \"../nightly\" is unknown: there is no chaos-../nightly.properties on the class path; add one (src/test/resources/chaos-../nightly.properties) with lines such as chaos.seed=8231",
            })
    void a_bad_value_is_refused_with_what_is_allowed(String name, String value, String message) {
        refused(() -> given(name, value), message);
    }

    @Test
    void a_path_that_is_none() {
        refused(
                () -> given("chaos.report.dir", "a\0b"),
                "chaos.report.dir \"a\0b\" is no path: Nul character not allowed");
        refused(() -> given("chaos.replay", "a\0b"), "chaos.replay \"a\0b\" is no path: Nul character not allowed");
    }

    @Test
    void a_profile_is_found_by_the_context_class_loader() throws IOException {
        profile("nightly", "chaos.seed=11", "chaos.report.dir = target/nightly", "chaos.enabled=false");
        Chaos.Builder nightly = given("chaos.profile", "nightly");
        assertThat(nightly.seed).isEqualTo(11);
        assertThat(nightly.reports).isEqualTo(Path.of("target/nightly"));
        assertThat(nightly.enabled).isFalse();
    }

    @Test
    void what_is_given_directly_wins_over_the_profile() throws IOException {
        profile("nightly", "chaos.seed=11", "chaos.enabled=false");
        Chaos.Builder mixed = given("chaos.profile", "nightly", "chaos.seed", "12", "chaos.enabled", "true");
        assertThat(mixed.seed).isEqualTo(12);
        assertThat(mixed.enabled).isTrue();
    }

    @Test
    void a_report_given_directly_takes_the_place_of_the_profiles_seed() throws IOException {
        profile("nightly", "chaos.seed=11");
        Chaos.Builder replay = given("chaos.profile", "nightly", "chaos.replay", "report.json");
        assertThat(replay.seed).isNull();
        assertThat(replay.replay).isEqualTo(Path.of("report.json"));
    }

    @Test
    void a_key_that_is_no_setting_is_refused() throws IOException {
        profile("typo", "chaos.sed=11", "chaos.seed=11");
        refused(
                () -> given("chaos.profile", "typo"),
                "chaos-typo.properties: \"chaos.sed\" is no setting; allowed are [chaos.enabled, chaos.engine,"
                        + " chaos.replay, chaos.report.dir, chaos.seed, chaos.toxiproxy]");
        profile("nested", "chaos.profile=nightly");
        refused(
                () -> given("chaos.profile", "nested"),
                "chaos-nested.properties: \"chaos.profile\" is no setting; allowed are [chaos.enabled, chaos.engine,"
                        + " chaos.replay, chaos.report.dir, chaos.seed, chaos.toxiproxy]");
    }

    @Test
    void a_seed_and_a_report_to_replay_exclude_each_other() {
        refused(
                () -> given("chaos.seed", "7", "chaos.replay", "r.json"),
                "chaos.replay \"r.json\" and chaos.seed \"7\" exclude each other: a report has a seed of its own; remove one"
                        + " of them");
    }

    @Test
    void of_two_that_contradict_each_other_the_later_one_wins() {
        Chaos.Builder seedLast = Chaos.builder().replay(Path.of("r.json")).seed(7);
        assertThat(seedLast.replay).isNull();
        Chaos.Builder replayLast = Chaos.builder().seed(7).replay(Path.of("r.json"));
        assertThat(replayLast.seed).isNull();
        assertThat(Chaos.builder().seed(7).replay(null).seed).isEqualTo(7);
    }

    @Test
    void a_report_to_replay_that_is_not_there_or_none_at_all() throws IOException {
        Path missing = folder.resolve("missing.json");
        refused(
                () -> start(missing),
                "chaos.replay \"" + missing
                        + "\" is no file; give the report.json that an experiment wrote under target/chaos-reports");
        refused(
                () -> start(folder),
                "chaos.replay \"" + folder
                        + "\" is no file; give the report.json that an experiment wrote under target/chaos-reports");
        for (String content : new String[] {"", "{}", "[1]", "{\"format\":2,\"seed\":1,\"choices\":[]}"}) {
            Path other = Files.writeString(folder.resolve("other.json"), content);
            refused(
                    () -> start(other),
                    "chaos.replay \"" + other
                            + "\" is no report of format 1; give the report.json that an experiment wrote");
        }
        Path broken = Files.writeString(folder.resolve("broken.json"), "{\"format\":");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> start(broken))
                .withMessageStartingWith("chaos.replay \"" + broken + "\" can't be read as JSON: ");
        assertThat(folder.resolve("home")).as("nothing was touched").doesNotExist();
    }

    private void start(Path replay) {
        Chaos.builder().home(folder.resolve("home")).replay(replay).start().close();
    }
}
