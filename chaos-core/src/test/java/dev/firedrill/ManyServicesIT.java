package dev.firedrill;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.Latency;
import dev.firedrill.spi.ActiveFault;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import redis.clients.jedis.Jedis;

/** Many services in one Chaos, behind one Toxiproxy. */
@Tag("docker")
class ManyServicesIT {

    private static final int SERVICES = 40;
    private static final Duration DELAY = ofMillis(400);

    @TempDir
    static Path home;

    Chaos chaos = Chaos.builder().home(home).reports(null).start();

    @AfterEach
    void close() {
        chaos.close();
        assertThat(DockerEngine.madeBy(ProcessHandle.current().pid())).isEmpty();
    }

    @Test
    void each_is_reached_over_a_link_of_its_own_and_feels_no_fault_of_the_others() {
        for (int i = 0; i < SERVICES; i++) {
            chaos.declare(
                    "redis" + i,
                    ServiceContainer.of(new GenericContainer<>("redis:7.0")).ports(6379));
        }
        long begun = System.nanoTime();
        chaos.startAll();
        System.out.println(SERVICES + " services started in " + (System.nanoTime() - begun) / 1_000_000 + "ms");
        assertThat(DockerEngine.madeBy(ProcessHandle.current().pid()))
                .filteredOn(each -> each.contains("toxiproxy"))
                .hasSize(1);

        for (Service each : chaos.services()) {
            assertThat(set(each)).isEqualTo("OK");
        }
        for (Service each : chaos.services()) {
            assertThat(get(each)).isEqualTo(each.name());
        }

        ActiveFault slow = chaos.inject(new Latency(DELAY), Target.of(chaos.service("redis3")));
        for (Service each : chaos.services()) {
            Duration took = took(each);
            if (each.name().equals("redis3")) {
                assertThat(took).isGreaterThanOrEqualTo(DELAY);
            } else {
                assertThat(took).as(each.name()).isLessThan(DELAY);
            }
        }
        slow.heal();
        assertThat(took(chaos.service("redis3"))).isLessThan(DELAY);

        long closing = System.nanoTime();
        chaos.close();
        System.out.println("and closed in " + (System.nanoTime() - closing) / 1_000_000 + "ms");
    }

    private static Jedis connect(Service service) {
        return new Jedis(service.address().getHostString(), service.address().getPort(), 5_000);
    }

    private static String set(Service service) {
        try (Jedis jedis = connect(service)) {
            return jedis.set("name", service.name());
        }
    }

    private static String get(Service service) {
        try (Jedis jedis = connect(service)) {
            return jedis.get("name");
        }
    }

    private static Duration took(Service service) {
        long begun = System.nanoTime();
        get(service);
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
