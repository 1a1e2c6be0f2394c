package dev.firedrill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.schedule.Schedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/** The exact text for containers that can't work, where no Docker engine is needed to see it. */
class ContainerBadInputTests {

    @TempDir
    Path home;

    Chaos chaos;

    @BeforeEach
    void start() {
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
    }

    @AfterEach
    void stop() {
        chaos.close();
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    private static GenericContainer<?> redis() {
        return new GenericContainer<>("redis:7.0").withExposedPorts(6379);
    }

    private ThrowingCallable plan(String target) {
        return () -> chaos.experiment("bad")
                .inject(new Latency(Duration.ofMillis(10)), Target.parse(target), Schedule.now())
                .build();
    }

    @Test
    void a_port_that_is_none_or_given_twice() {
        ServiceContainer container = ServiceContainer.of(redis());
        refused(
                () -> container.ports(0),
                "container: port 0 is outside 1..65535; give a port that the server listens on inside the container");
        refused(
                () -> container.ports(65536),
                "container: port 65536 is outside 1..65535; give a port that the server listens on inside the container");
        refused(() -> container.ports(6379, 6379), "container: a port is given twice in [6379, 6379]; give each once");
    }

    @Test
    void a_limit_that_is_not_positive() {
        ServiceContainer container = ServiceContainer.of(redis());
        refused(
                () -> container.readyWithin(Duration.ZERO),
                "container: readyWithin 0ms is not positive; give for example Duration.ofSeconds(10)");
        refused(
                () -> container.stopWithin(Duration.ofSeconds(-1)),
                "container: stopWithin -1s is not positive; give for example Duration.ofSeconds(10)");
    }

    @Test
    void a_port_that_the_container_does_not_expose() {
        refused(
                () -> chaos.declare("redis", ServiceContainer.of(redis()).ports(6380)),
                "redis: its container does not expose port 6380; it exposes [6379]; name one of these, or add"
                        + " withExposedPorts(6380) to the container");
    }

    @Test
    void nodes_with_different_ports() {
        refused(
                () -> chaos.declare(
                        "redis", ServiceContainer.of(redis()), ServiceContainer.of(redis().withExposedPorts(6380))),
                "service redis: its nodes have different ports, [6379] and [6380]; give them the same");
    }

    @Test
    void no_container_or_null_among_them() {
        refused(
                () -> chaos.declare("redis", new ServiceContainer[0]),
                "service redis: no container is given; give one for each node");
        refused(
                () -> chaos.declare("redis", ServiceContainer.of(redis()), null),
                "service redis: container [1] is null; give one for each node");
        refused(
                () -> chaos.declare("redis", LineProcess.spec(), null),
                "service redis: process [1] is null; give one for each node");
        assertThatThrownBy(() -> ServiceContainer.of(nothing()))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("container");
        assertThat(chaos.services()).isEmpty();
    }

    @SuppressWarnings("NullAway") // that is the point
    private static GenericContainer<?> nothing() {
        return null;
    }

    @Test
    void one_container_declared_twice() {
        GenericContainer<?> one = redis();
        chaos.declare("redis", ServiceContainer.of(one));
        refused(
                () -> chaos.declare("cache", ServiceContainer.of(one)),
                "cache: its container is that of redis already; give each a container of its own");
        GenericContainer<?> two = redis();
        refused(
                () -> chaos.declare("pair", ServiceContainer.of(two), ServiceContainer.of(two)),
                "pair[1]: its container is that of pair[0] already; give each a container of its own");
    }

    @Test
    void an_alias_held_twice() {
        Network network = Network.newNetwork(); // not made before it is used
        chaos.declare("redis", ServiceContainer.of(redis().withNetwork(network).withNetworkAliases("cache")));
        refused(
                () -> chaos.declare(
                        "other",
                        ServiceContainer.of(redis().withNetwork(network).withNetworkAliases("cache"))),
                "other: its alias \"cache\" is held by redis on the same network, so that calls would reach either of them"
                        + " at random; give each an alias of its own");
        refused(
                () -> chaos.declare(
                        "pair",
                        ServiceContainer.of(redis().withNetwork(network).withNetworkAliases("two")),
                        ServiceContainer.of(redis().withNetwork(network).withNetworkAliases("two"))),
                "pair[1]: its alias \"two\" is held by pair[0] on the same network, so that calls would reach either of them"
                        + " at random; give each an alias of its own");
        chaos.declare(
                "apart",
                ServiceContainer.of(redis().withNetwork(Network.newNetwork()).withNetworkAliases("cache")));
    }

    @Test
    void a_caller_that_is_no_container_of_ours() {
        Network network = Network.newNetwork();
        chaos.declare("redis", ServiceContainer.of(redis().withNetwork(network).withNetworkAliases("redis")));
        refused(
                plan("ordres->redis"),
                "unknown caller \"ordres\" in target \"ordres->redis\"; known, the nearest first: redis, test, probe,"
                        + " containers");
        chaos.declare(
                "orders", ServiceContainer.of(redis().withNetwork(network)).asBorrowed());
        refused(
                plan("orders->redis"),
                "target \"orders->redis\": orders is no container that Firedrill starts, so its calls can't be told apart;"
                        + " declare it with @ChaosService or Chaos.declare and leave its start to Firedrill, or name all"
                        + " callers: \"redis\"");
    }

    @Test
    void a_callee_whose_calls_can_not_be_intercepted() {
        Network network = Network.newNetwork();
        chaos.declare("orders", ServiceContainer.of(redis().withNetwork(network)));
        chaos.declare("plain", ServiceContainer.of(redis()));
        refused(
                plan("orders->plain"),
                "target \"orders->plain\": calls of containers to plain can't be intercepted: it has no alias; give it"
                        + " withNetwork(...) and withNetworkAliases(\"plain\")");
        chaos.declare(
                "lent",
                ServiceContainer.of(redis().withNetwork(network).withNetworkAliases("lent"))
                        .asBorrowed());
        refused(
                plan("orders->lent"),
                "target \"orders->lent\": calls of containers to lent can't be intercepted: it runs already or is somebody"
                        + " else's to start, so its alias can't be moved to a Toxiproxy; leave its start to Firedrill");
        chaos.declare("upstream", Upstream.at("127.0.0.1", 6379));
        refused(
                plan("orders->upstream"),
                "target \"orders->upstream\": calls of containers to upstream can't be intercepted: it is no container");
    }

    @Test
    void a_callee_without_a_toxiproxy() {
        try (Chaos embedded = Chaos.builder()
                .home(home.resolve("embedded"))
                .reports(null)
                .settings(Map.of("chaos.engine", "embedded")::get)
                .start()) {
            Network network = Network.newNetwork();
            embedded.declare("orders", ServiceContainer.of(redis().withNetwork(network)));
            embedded.declare(
                    "redis", ServiceContainer.of(redis().withNetwork(network).withNetworkAliases("redis")));
            refused(
                    () -> embedded.experiment("bad")
                            .inject(new Latency(Duration.ofMillis(10)), Target.parse("orders->redis"), Schedule.now())
                            .build(),
                    "target \"orders->redis\": calls of containers to redis can't be intercepted: no Toxiproxy stands before"
                            + " it; set chaos.engine=auto and no chaos.toxiproxy");
        }
    }

    @Test
    void a_link_as_the_target_of_a_kill() {
        chaos.declare("redis", ServiceContainer.of(redis()));
        refused(
                () -> chaos.experiment("bad")
                        .inject(new Kill(), Target.parse("containers->redis"), Schedule.now())
                        .build(),
                "target \"containers->redis\" names a link, but kill acts on nodes; write \"redis\"");
    }

    @Test
    void containers_that_depend_on_each_other_in_a_circle() {
        GenericContainer<?> one = redis();
        GenericContainer<?> two = redis().dependsOn(one);
        one.dependsOn(two);
        Service first = chaos.declare("one", ServiceContainer.of(one));
        chaos.declare("two", ServiceContainer.of(two));
        String circle = "one: its container depends on itself, through dependsOn(...): one -> two -> one; start one of"
                + " them without waiting for the others";
        assertThatThrownBy(chaos::startAll).isInstanceOf(ChaosException.class).hasMessage(circle);
        assertThatThrownBy(first::start).isInstanceOf(ChaosException.class).hasMessage(circle);
    }

    @Test
    void a_container_that_depends_on_itself_through_one_of_no_service() {
        GenericContainer<?> own = redis();
        GenericContainer<?> undeclared = redis().dependsOn(own);
        own.dependsOn(undeclared);
        assertThatThrownBy(() -> chaos.service("own", ServiceContainer.of(own)))
                .isInstanceOf(ChaosException.class)
                .hasMessage(
                        "own: its container depends on itself, through dependsOn(...): own -> (a GenericContainer of no service)"
                                + " -> own; start one of them without waiting for the others");
        assertThat(chaos.services()).isEmpty();
    }

    @Test
    void settings_of_the_engine() {
        refusedSettings(
                Map.of("chaos.engine", "Embedded"),
                "chaos.engine \"Embedded\" is unknown; allowed are auto (the default), embedded and toxiproxy");
        refusedSettings(
                Map.of("chaos.toxiproxy", "http://localhost:8474"),
                "chaos.toxiproxy \"http://localhost:8474\" is not of the form host:port; give where the API of a running"
                        + " Toxiproxy answers, such as -Dchaos.toxiproxy=localhost:8474");
        refusedSettings(
                Map.of("chaos.toxiproxy", "localhost:0"),
                "chaos.toxiproxy \"localhost:0\" is not of the form host:port; give where the API of a running Toxiproxy"
                        + " answers, such as -Dchaos.toxiproxy=localhost:8474");
        refusedSettings(
                Map.of("chaos.toxiproxy", "localhost:8474", "chaos.engine", "embedded"),
                "chaos.toxiproxy \"localhost:8474\" and chaos.engine \"embedded\" exclude each other: with that engine"
                        + " nothing passes through a Toxiproxy; remove one of them");
    }

    private static void refusedSettings(Map<String, @Nullable String> settings, String message) {
        refused(() -> Chaos.builder().settings(settings::get), message);
    }

    @Test
    void an_order_that_shows_between_containers() {
        chaos.declare(
                "redis",
                ServiceContainer.of(redis().withNetwork(Network.newNetwork()).withNetworkAliases("redis")));
        Target target = Target.parse("containers->redis");

        assertThatThrownBy(() -> chaos.experiment("bad")
                        .inject(new Latency(Duration.ofMillis(10)), target, Schedule.now())
                        .inject(new LimitData(10), target, Schedule.now())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "no engine can make latency on containers->redis:\n  toxiproxy: only Toxiproxy is on the way of"
                                + " containers->redis, and its toxics stand in the order in which they begin, for replies as for requests, so that it"
                                + " can't keep that of latency and limit-data on containers->redis; rehearse them one after the other, in experiments of"
                                + " their own");
    }
}
