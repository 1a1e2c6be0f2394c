package dev.firedrill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.firedrill.embedded.EmbeddedRedis;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Refuse;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.ActiveFault;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One process calls another service over a link of its own. */
class CallsIT {

    @TempDir
    Path home;

    Chaos chaos;
    Service redis;
    Service orders;

    @BeforeEach
    void start() {
        chaos = Chaos.builder().seed(7).home(home).reports(null).start();
        redis = chaos.service("redis", EmbeddedRedis.process());
        orders = chaos.service(
                "orders",
                LocalProcess.of(JavaProgram.command(OrdersProgram.class, "{port}", "{redis}")
                                .toArray(String[]::new))
                        .ports(8080));
    }

    @AfterEach
    void stop() {
        chaos.close();
        assertThat(Machine.directories(home)).isEmpty();
    }

    private static String ask(Service service) throws Exception {
        return LineServer.ask(service.address(), "PING");
    }

    @Test
    void a_fault_on_the_callers_link_hits_only_that_caller() {
        Report report = chaos.experiment("orders without redis")
                .inject(new Refuse(), Target.parse("orders->redis"), Schedule.now())
                .observe(drill -> {
                    assertThat(ask(redis)).isEqualTo("+PONG");
                    assertThat(ask(orders)).startsWith("no answer: ");
                });

        assertThat(report.verdict()).as(report.text()).isEqualTo(Verdict.SURVIVED);
        assertThat(report.steps().get(0).resolved()).containsExactly("orders->redis");
    }

    @Test
    void a_fault_on_the_tests_link_does_not_hit_the_caller() throws Exception {
        try (ActiveFault refused = chaos.inject(new Refuse(), Target.parse("test->redis"))) {
            assertThat(refused).isNotNull();
            assertThat(ask(orders)).isEqualTo("+PONG");
        }
    }

    @Test
    void the_callers_address_stays_the_same_when_the_called_and_the_caller_are_started_again() throws Exception {
        InetSocketAddress address = redis.link("orders", 6379).address();
        for (Service killed : new Service[] {redis, orders}) {
            Node node = killed.nodes().get(0);
            chaos.inject(new Kill(), Target.of(killed)).heal();
            await().until(() -> node.state() == Node.State.READY);
            assertThat(ask(orders)).isEqualTo("+PONG");
        }
        assertThat(redis.link("orders", 6379).address()).isEqualTo(address);
        assertThat(redis.links()).extracting(Link::name).containsExactlyInAnyOrder("test->redis", "orders->redis");
    }

    /** Regression: opening a link waited for a node that started, and the node's start for the opening of links. */
    @Test
    void links_are_opened_while_a_node_starts_and_stops() throws Exception {
        Thread opener = new Thread(() -> {
            for (int i = 0; i < 500 && !Thread.currentThread().isInterrupted(); i++) {
                orders.link("caller" + i, 8080);
            }
        });
        opener.start();
        try {
            for (int round = 0; round < 5; round++) {
                Node node = orders.nodes().get(0);
                ActiveFault dead = chaos.inject(new Kill(), Target.of(orders));
                assertThat(node.state()).isEqualTo(Node.State.DOWN);
                dead.heal();
            }
        } finally {
            opener.interrupt();
            opener.join(10_000);
        }
        assertThat(opener.isAlive()).isFalse();
    }
}
