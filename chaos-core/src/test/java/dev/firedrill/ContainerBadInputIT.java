package dev.firedrill;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.dockerjava.api.DockerClient;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/** The exact text for containers that can't work, and that nothing is left of them. */
@Tag("docker")
class ContainerBadInputIT {

    @TempDir
    Path home;

    final DockerClient docker = DockerClientFactory.instance().client();
    Chaos chaos;

    @BeforeEach
    void start() {
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
    }

    @AfterEach
    void stop() {
        chaos.close();
        assertThat(ours()).isEmpty();
    }

    private static GenericContainer<?> redis() {
        return new GenericContainer<>("redis:7.0").withExposedPorts(6379);
    }

    /** What this Chaos has made on the engine and is still there. */
    private List<String> ours() {
        return docker
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of("dev.firedrill.run"))
                .exec()
                .stream()
                .filter(each -> each.getLabels()
                        .get("dev.firedrill.run")
                        .startsWith(ProcessHandle.current().pid() + "-"))
                .map(each -> each.getImage())
                .toList();
    }

    /** Ids and names of a run replaced. */
    private static String text(Throwable trouble) {
        return String.valueOf(trouble.getMessage())
                .replaceAll("[0-9a-f]{12,64}", "<id>")
                .replaceAll("localhost:\\d+", "localhost:<port>");
    }

    private Throwable failure(ServiceContainer container) {
        Throwable trouble = catchThrowable(() -> chaos.service("redis", container));
        assertThat(trouble).isInstanceOf(ChaosException.class);
        assertThat(trouble.getSuppressed()).isEmpty();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(chaos.services()).isEmpty();
        assertThat(ours()).isEmpty();
        return trouble;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void a_container_that_exits_at_once_shows_its_log_and_is_removed(int code) {
        GenericContainer<?> container = redis().withCommand("sh", "-c", "echo no disk; echo giving up; exit " + code);
        long from = System.currentTimeMillis();
        assertThat(text(failure(ServiceContainer.of(container))))
                .isEqualTo("redis did not start: its container ended with exit code " + code + "; its last output:\n"
                        + "  | no disk\n"
                        + "  | giving up");
        assertThat(System.currentTimeMillis() - from).isLessThan(6_000);
        assertThat(container.getContainerId()).isNull();
    }

    @Test
    void a_container_that_exits_without_a_word() {
        assertThat(text(failure(ServiceContainer.of(redis().withCommand("sh", "-c", "exit 4")))))
                .isEqualTo("redis did not start: its container ended with exit code 4; it wrote nothing");
    }

    @Test
    void an_alias_that_somebody_else_holds() {
        try (Network network = Network.newNetwork();
                GenericContainer<?> holder = redis().withNetwork(network)
                        .withNetworkAliases("cache")
                        .withCreateContainerCmdModifier(command ->
                                command.withName("holder-" + network.getId().substring(0, 12)))) {
            holder.start();
            assertThat(text(failure(
                            ServiceContainer.of(redis().withNetwork(network).withNetworkAliases("cache")))))
                    .isEqualTo(
                            "the alias \"cache\" is held twice: container holder-<id> has it already on the same network,"
                                    + " so that calls would reach either of them at random; give each an alias of its own");
        }
    }

    @Test
    void a_network_that_the_user_closed() {
        Network network = Network.newNetwork();
        docker.removeNetworkCmd(network.getId()).exec(); // Testcontainers' own close() would make it anew
        assertThat(text(failure(ServiceContainer.of(redis().withNetwork(network).withNetworkAliases("redis")))))
                .isEqualTo(
                        "redis: its network <id> is gone; was it closed? A network has to live as long as the containers"
                                + " in it: leave it open, for Testcontainers removes it in the end, or give the container none");
    }

    @Test
    void a_network_that_the_user_closed_while_the_container_was_down() {
        chaos.close();
        chaos = Chaos.builder()
                .home(home)
                .reports(null)
                .settings(Map.of("chaos.engine", "embedded")::get)
                .start();
        Network network = Network.newNetwork();
        Service redis = chaos.service("redis", ServiceContainer.of(redis().withNetwork(network)));
        ActiveFault kill = chaos.inject(new Kill(), Target.of(redis));
        network.close();
        assertThat(text(catchThrowable(kill::heal)))
                .isEqualTo("redis: its container <id> can't be started again, for its network is gone; was it closed? A"
                        + " network has to live as long as the containers in it: leave it open, for Testcontainers removes it in"
                        + " the end, or give the container none");
    }

    @Test
    void a_port_that_a_running_container_does_not_publish() {
        try (GenericContainer<?> bare = new GenericContainer<>("redis:7.0")) {
            bare.start();
            Throwable trouble = catchThrowable(
                    () -> chaos.declare("redis", ServiceContainer.of(bare).ports(6379)));
            assertThat(trouble)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "redis: its container does not expose port 6379; it exposes none and runs already, so add"
                                    + " withExposedPorts(6379) to it before it starts");
        }
    }

    @Test
    void intercepting_a_container_that_runs_already() {
        try (Network network = Network.newNetwork();
                GenericContainer<?> running = redis().withNetwork(network).withNetworkAliases("redis")) {
            running.start();
            chaos.declare("redis", ServiceContainer.of(running));
            chaos.declare("orders", ServiceContainer.of(redis().withNetwork(network)));
            assertThat(catchThrowable(() -> plan("orders->redis")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "target \"orders->redis\": calls of containers to redis can't be intercepted: it runs already"
                                    + " or is somebody else's to start, so its alias can't be moved to a Toxiproxy; leave its start"
                                    + " to Firedrill");
            assertThat(catchThrowable(() -> plan("containers->redis")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "target \"containers->redis\": calls of containers to redis can't be intercepted: it runs"
                                    + " already or is somebody else's to start, so its alias can't be moved to a Toxiproxy; leave"
                                    + " its start to Firedrill");
            chaos.startAll();
        }
    }

    private void plan(String target) {
        chaos.experiment("bad")
                .inject(new Latency(ofMillis(10)), Target.parse(target), Schedule.now())
                .build();
    }

    @Test
    void planning_a_caller_too_late() {
        try (Network network = Network.newNetwork()) {
            chaos.declare(
                    "redis", ServiceContainer.of(redis().withNetwork(network).withNetworkAliases("redis")));
            chaos.service("orders", ServiceContainer.of(redis().withNetwork(network)));
            assertThat(catchThrowable(() -> plan("orders->redis")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "target \"orders->redis\": orders has been started already, and its calls can be told apart"
                                    + " from those of other containers only if that is known before; plan the experiment between"
                                    + " declare and start (in JUnit declare the services in the class whose tests name the caller), or"
                                    + " name all callers: \"redis\"");
            chaos.close();
        }
    }

    @Test
    void a_container_that_somebody_else_removed() {
        GenericContainer<?> container = redis();
        Service redis = chaos.service("redis", ServiceContainer.of(container));
        String id = Objects.requireNonNull(container.getContainerId());
        ActiveFault kill = chaos.inject(new Kill(), Target.of(redis));
        docker.removeContainerCmd(id).withForce(true).exec();
        Throwable trouble = catchThrowable(kill::heal);
        assertThat(text(trouble))
                .isEqualTo("redis: its container <id> has been removed by somebody else, so it can't be started again");
        assertThat(redis.nodes().get(0).state()).isEqualTo(Node.State.DOWN);
    }
}
