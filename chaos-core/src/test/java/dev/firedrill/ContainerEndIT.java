package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Stop;
import dev.firedrill.spi.ActiveFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/** However a Chaos with containers ends, nothing of it is left in the engine. */
@Tag("docker")
class ContainerEndIT {

    static Network network;

    @TempDir
    Path home;

    Chaos chaos;

    @BeforeAll
    static void make_a_network() {
        network = Network.newNetwork();
        network.getId();
    }

    @AfterAll
    static void remove_it() {
        network.close();
    }

    @BeforeEach
    void start() {
        chaos = Chaos.builder().home(home).reports(null).start();
    }

    @AfterEach
    void close_and_leave_nothing() {
        chaos.close();
        assertThat(left()).isEmpty();
        assertThat(Machine.journals(home)).isEmpty();
    }

    private static List<String> left() {
        return DockerEngine.madeBy(ProcessHandle.current().pid());
    }

    private static GenericContainer<?> redis(String alias) {
        return new GenericContainer<>("redis:7.0").withNetwork(network).withNetworkAliases(alias);
    }

    /** It runs, and nobody ever listens on its port. */
    private static GenericContainer<?> deaf(String alias) {
        return redis(alias).withCommand("sleep", "600").withStartupTimeout(ofSeconds(50));
    }

    private Service declare(String name, GenericContainer<?> container) {
        return chaos.declare(name, ServiceContainer.of(container).ports(6379));
    }

    @Test
    void closed_in_the_middle_of_faults_in_an_interrupted_thread() {
        Service slow = declare("slow", redis("slow")).start();
        Service frozen = declare("frozen", new GenericContainer<>("redis:7.0")).start();
        chaos.inject(new Latency(ofMillis(10)), Target.of(slow));
        chaos.inject(new Stop(), Target.of(slow));
        chaos.inject(new Pause(), Target.of(frozen));

        Thread.currentThread().interrupt();
        chaos.close();

        assertThat(Thread.interrupted()).as("the interruption is kept").isTrue();
        assertThat(left()).isEmpty();
    }

    @Test
    void an_interrupted_thread_heals() {
        Service redis = declare("redis", redis("redis")).start();
        ActiveFault frozen = chaos.inject(new Pause(), Target.of(redis));
        Thread.currentThread().interrupt();
        frozen.heal();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(redis.nodes().get(0).state()).isEqualTo(Node.State.READY);

        ActiveFault killed = chaos.inject(new Kill(), Target.of(redis));
        Thread.currentThread().interrupt();
        killed.heal();
        assertThat(Thread.interrupted()).isTrue();
        await().until(() -> redis.nodes().get(0).state() == Node.State.READY);
    }

    @ParameterizedTest
    @ValueSource(longs = {150, 400, 1_000, 2_500})
    void interrupted_while_containers_start(long millis) throws Exception {
        declareDeaf();
        ExecutorService side = Executors.newSingleThreadExecutor();
        try {
            Future<?> starting = side.submit(chaos::startAll);
            assertThatThrownBy(() -> starting.get(millis, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);

            starting.cancel(true);
            side.submit(() -> {}).get(20, TimeUnit.SECONDS);

            assertThat(redises()).as("what did not start").isEmpty();
        } finally {
            side.shutdownNow();
        }
    }

    private void declareDeaf() {
        declare("one", deaf("one"));
        declare("two", deaf("two"));
        declare("three", deaf("three").withNetwork(null).withNetworkAliases());
    }

    private static List<String> redises() {
        return left().stream().filter(each -> each.contains("redis")).toList();
    }

    @Test
    void closed_by_another_thread_while_containers_start() throws Exception {
        declareDeaf();
        ExecutorService side = Executors.newSingleThreadExecutor();
        try {
            Future<?> starting = side.submit(chaos::startAll);
            await().atMost(ofSeconds(20)).until(() -> redises().size() == 3);

            long begun = System.nanoTime();
            chaos.close();

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ofSeconds(10));
            assertThat(left()).isEmpty();
            assertThatThrownBy(() -> starting.get(10, TimeUnit.SECONDS))
                    .hasMessageContaining("one: its start was cut short, for its Chaos was closed");
        } finally {
            side.shutdownNow();
        }
    }

    @Test
    void a_scope_is_closed_by_another_thread_while_its_container_starts() throws Exception {
        Chaos scope = chaos.scope(List.of());
        scope.declare("deaf", ServiceContainer.of(deaf("deaf")).ports(6379));
        ExecutorService side = Executors.newSingleThreadExecutor();
        try {
            Future<?> starting = side.submit(scope::startAll);
            await().atMost(ofSeconds(20)).until(() -> redises().size() == 1);

            long begun = System.nanoTime();
            scope.close();

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(ofSeconds(10));
            assertThatThrownBy(() -> starting.get(10, TimeUnit.SECONDS))
                    .hasMessageContaining("deaf: its start was cut short");
            assertThat(left()).isEmpty();
        } finally {
            side.shutdownNow();
        }
    }

    @Test
    void one_of_several_does_not_start() {
        Service good = declare("good", redis("good"));
        Service bad = declare("bad", redis("bad").withCommand("sh", "-c", "echo no room; exit 3"));

        assertThatThrownBy(() -> chaos.startAll()).hasMessageContaining("bad did not start");

        assertThat(left())
                .as("the good one, a Toxiproxy for the test and one for each alias")
                .hasSize(4);
        assertThat(redises()).hasSize(1);
        assertThat(good.nodes().get(0).state()).isEqualTo(Node.State.READY);
        assertThat(bad.isGone()).isTrue();
    }
}
