package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.model.Container;
import dev.firedrill.PlainClient.Question;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/** Which of three callers of one redis a fault is felt by, and what is known of it. */
@Tag("docker")
class ContainerCallersIT {

    private static final Latency SLOW = new Latency(ofMillis(300));

    private static Network network;
    private static Chaos chaos;
    private static Service redis;
    private static GenericContainer<?> stranger;
    private static List<PlainClient> clients;
    private static Experiment slowForOrders;

    @BeforeAll
    static void start(@TempDir Path home) {
        network = Network.newNetwork();
        chaos = Chaos.builder().home(home).reports(null).start();
        redis = chaos.declare(
                "redis",
                ServiceContainer.of(new GenericContainer<>("redis:7.0")
                                .withNetwork(network)
                                .withNetworkAliases("redis"))
                        .ports(6379));
        GenericContainer<?> orders = ContainerClient.prepared().withNetwork(network);
        chaos.declare("orders", ServiceContainer.of(orders).ports(6379));
        stranger = ContainerClient.prepared().withNetwork(network);
        clients = List.of(
                new SocketClient(redis::address),
                new ContainerClient(Link.CONTAINERS, stranger),
                new ContainerClient("orders", orders));
        slowForOrders = chaos.experiment("slow for orders")
                .inject(SLOW, Target.parse("orders->redis"), Schedule.now())
                .build();
        Together.run("start", List.of(chaos::startAll, stranger::start));
    }

    @AfterAll
    static void stop() {
        chaos.close();
        stranger.stop();
        network.close();
    }

    @AfterEach
    void no_toxic_is_left() throws Exception {
        assertThat(proxies()).isNotEmpty().noneMatch(proxies -> proxies.contains("\"latency\""));
    }

    private static Set<String> slowed(Duration by) throws Exception {
        Set<String> names = new TreeSet<>();
        for (PlainClient client : clients) {
            // a machine that is busy elsewhere may be slow once
            for (int look = 0; look < 3 && isSlow(client, by); look++) {
                if (look == 2) {
                    names.add(client.name());
                }
            }
        }
        return names;
    }

    private static boolean isSlow(PlainClient client, Duration by) throws Exception {
        Answer answer = client.ask(Question.PING);
        assertThat(answer.how()).as(client.name()).isEqualTo(Answer.How.ANSWERED);
        return answer.isSlowerThan(by);
    }

    private static List<String> proxies() throws IOException, InterruptedException {
        List<Container> found = DockerClientFactory.instance()
                .client()
                .listContainersCmd()
                .withLabelFilter(List.of("dev.firedrill.run"))
                .withNetworkFilter(List.of(network.getId()))
                .exec();
        HttpClient http = HttpClient.newHttpClient();
        List<String> answers = new ArrayList<>();
        for (Container container : found) {
            if (container.getImage().contains("toxiproxy")) {
                int api = Arrays.stream(container.getPorts())
                        .filter(port -> port.getPrivatePort() != null && port.getPrivatePort() == 8474)
                        .filter(port -> port.getPublicPort() != null)
                        .findFirst()
                        .orElseThrow()
                        .getPublicPort();
                HttpRequest ask = HttpRequest.newBuilder(URI.create("http://localhost:" + api + "/proxies"))
                        .timeout(ofSeconds(5))
                        .build();
                answers.add(http.send(ask, HttpResponse.BodyHandlers.ofString()).body());
            }
        }
        return answers;
    }

    private static void inForce(Fault fault, String target, Set<String> felt) throws Exception {
        ActiveFault made = chaos.inject(fault, Target.parse(target));
        try {
            assertThat(proxies()).anyMatch(proxies -> proxies.contains("\"latency\""));
            assertThat(slowed(SLOW.delay())).isEqualTo(felt);
        } finally {
            made.heal();
        }
        assertThat(slowed(SLOW.delay())).isEmpty();
    }

    @Test
    void the_tests_link_is_the_tests_alone() throws Exception {
        inForce(SLOW, "test->redis", Set.of("test"));
    }

    @Test
    void a_caller_with_a_name_is_not_among_the_containers() throws Exception {
        inForce(SLOW, "containers->redis", Set.of("containers"));
    }

    @Test
    void a_caller_with_a_name_is_hit_alone() throws Exception {
        inForce(SLOW, "orders->redis", Set.of("orders"));
    }

    @Test
    void a_service_as_target_means_all_its_callers() throws Exception {
        inForce(SLOW, "redis", Set.of("containers", "orders", "test"));
    }

    @Test
    void redis_cli_by_the_alias_is_slowed() throws Exception {
        ActiveFault made = chaos.inject(SLOW, Target.parse("containers->redis"));
        try {
            String out = stranger.execInContainer(
                            "bash",
                            "-c",
                            "begun=${EPOCHREALTIME/./}; redis-cli -h redis ping; echo $((${EPOCHREALTIME/./} - begun))")
                    .getStdout();
            assertThat(out).startsWith("PONG\n");
            assertThat(Long.parseLong(out.lines().toList().get(1))).isGreaterThanOrEqualTo(300_000);
        } finally {
            made.heal();
        }
    }

    @Test
    void two_latencies_add_up() throws Exception {
        for (String target : List.of("test->redis", "containers->redis", "orders->redis")) {
            ActiveFault first = chaos.inject(new Latency(ofMillis(150)), Target.parse(target));
            try {
                inForce(new Latency(ofMillis(150)), target, Set.of(target.substring(0, target.indexOf("-"))));
            } finally {
                first.heal();
            }
        }
    }

    @Test
    void what_a_container_met_during_the_test_is_acknowledged_and_proven() {
        Report report = slowForOrders.run(drill ->
                assertThat(clients.get(2).ask(Question.PING).isAnswered()).isTrue());
        Report.StepOutcome step = report.steps().get(0);
        assertThat(step.grade()).isEqualTo(Report.Grade.ACKNOWLEDGED);
        assertThat(step.resolved()).containsExactly("orders->redis");
        assertThat(step.proven()).isTrue();
        assertThat(report.verdict()).isEqualTo(Verdict.SURVIVED);
    }

    @Test
    void what_the_test_met_is_acknowledged_and_proven() {
        Report report = chaos.experiment("slow for the test")
                .inject(SLOW, Target.parse("test->redis"), Schedule.now())
                .run(drill -> assertThat(clients.get(0).ask(Question.PING).isAnswered())
                        .isTrue());
        assertThat(report.steps().get(0).grade()).isEqualTo(Report.Grade.ACKNOWLEDGED);
        assertThat(report.steps().get(0).proven()).isTrue();
    }

    @Test
    void a_fault_that_no_container_met_proves_nothing() {
        Report report = chaos.experiment("slow for nobody")
                .inject(SLOW, Target.parse("containers->redis"), Schedule.now())
                .observe(drill -> assertThat(clients.get(0).ask(Question.PING).isAnswered())
                        .isTrue());
        assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        assertThat(report.steps().get(0).proven()).isFalse();
        assertThat(report.text())
                .contains("latency on containers->redis was in force on containers->redis, as toxiproxy confirms, but"
                        + " nothing passed there meanwhile");
    }

    @Test
    void a_fault_that_containers_met_when_the_test_was_over_proves_nothing() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Void> calls = CompletableFuture.runAsync(() -> callUntil(over));
        try {
            Report report = chaos.experiment("slow too late")
                    .inject(
                            SLOW,
                            Target.parse("containers->redis"),
                            Schedule.now().after(ofMillis(500)).lasting(ofSeconds(3)))
                    .observe(drill -> {});
            assertThat(report.text())
                    .contains("latency on containers->redis had no effect on the test: the body was over at +");
            assertThat(report.steps().get(0).proven()).isFalse();
            assertThat(report.verdict()).isEqualTo(Verdict.NO_EFFECT);
        } finally {
            over.set(true);
            calls.join();
        }
        await().until(() -> proxies().stream().noneMatch(proxies -> proxies.contains("\"latency\"")));
    }

    private static void callUntil(AtomicBoolean over) {
        try {
            while (!over.get()) {
                clients.get(1).ask(Question.PING);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
