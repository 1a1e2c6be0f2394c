package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.schedule.Schedule;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/** What passes between containers is never seen, and yet a fault that nothing there met is no proof of anything. */
@Tag("docker")
class UnseenProofIT {

    static final Network SHOP = Network.newNetwork();
    static final GenericContainer<?> REDIS =
            new GenericContainer<>("redis:7.0").withNetwork(SHOP).withNetworkAliases("redis");
    static final GenericContainer<?> ORDERS = new GenericContainer<>("redis:7.0").withNetwork(SHOP);

    @TempDir
    static Path home;

    static Chaos chaos;

    @BeforeAll
    static void start() throws Exception {
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
        chaos.declare("redis", ServiceContainer.of(REDIS).ports(6379));
        chaos.declare("orders", ServiceContainer.of(ORDERS).ports(6379));
        chaos.startAll();
        // a connection that is kept, as a pool does
        sh(
                "mkfifo /tmp/say && (sleep 600 > /tmp/say &) && (redis-cli -h redis < /tmp/say > /tmp/heard &) && echo ping > /tmp/say");
        await().atMost(ofSeconds(10)).until(() -> sh("cat /tmp/heard").contains("PONG"));
    }

    @AfterAll
    static void stop() {
        chaos.close();
        SHOP.close();
    }

    private static String sh(String command) throws Exception {
        return ORDERS.execInContainer("bash", "-c", command).getStdout();
    }

    private static Experiment.Builder slow() {
        return chaos.experiment("slow")
                .inject(new Latency(ofMillis(200)), Target.parse("containers->redis"), Schedule.now());
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 17}) // our own connections are idle for 5 s at most, and Go asks after 15
    void an_idle_connection_of_a_pool_is_no_proof_however_long_it_is_watched(int seconds) {
        Report report = slow().observe(drill ->
                await().atMost(ofSeconds(20)).pollDelay(ofSeconds(seconds)).until(() -> true));
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.NO_EFFECT);
    }

    @Test
    void one_word_on_a_connection_that_was_open_before_is_proof() {
        Report report = slow().observe(drill -> sh("echo ping > /tmp/say; sleep 0.5"));
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.SURVIVED);
        assertThat(report.steps().get(0).grade()).isEqualTo(Report.Grade.ACKNOWLEDGED);
    }

    @Test
    void two_faults_in_force_at_the_same_time_do_not_prove_each_other() {
        Report report = slow().inject(new Latency(ofMillis(100)), Target.parse("containers->redis"), Schedule.now())
                .observe(drill -> {});
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.steps()).noneMatch(Report.StepOutcome::proven);
    }

    @Test
    void a_dead_container_that_nobody_called_is_no_proof() {
        Report report = chaos.experiment("killed")
                .inject(new Kill(), Target.parse("redis"), Schedule.now())
                .observe(drill -> await().pollDelay(ofSeconds(1)).until(() -> true));
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.NO_EFFECT);
    }

    @Test
    void a_dead_container_that_another_container_called_is() {
        Report report = chaos.experiment("killed")
                .inject(new Kill(), Target.parse("redis"), Schedule.now())
                .observe(drill -> ORDERS.execInContainer("redis-cli", "-h", "redis", "ping"));
        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.SURVIVED);
    }
}
