package dev.firedrill;

import static java.time.Duration.ofSeconds;

import dev.firedrill.embedded.EmbeddedRedis;
import dev.firedrill.fault.Latency;
import dev.firedrill.spi.ActiveFault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import redis.clients.jedis.Jedis;

/**
 * One of several JVMs on one Toxiproxy: makes its two services slow by turns, and says so when it feels anything else.
 *
 * <p>Arguments: the home, the Toxiproxy's address, and the delay in milliseconds. It ends when it is
 * told anything.
 */
final class SharedToxiproxyProgram {

    private SharedToxiproxyProgram() {}

    public static void main(String[] arguments) throws Exception {
        Duration delay = Duration.ofMillis(Long.parseLong(arguments[2]));
        try (Network network = Network.newNetwork();
                Chaos chaos = Chaos.builder()
                        .home(Path.of(arguments[0]))
                        .reports(null)
                        .settings(Map.of("chaos.toxiproxy", arguments[1])::get)
                        .start()) {
            Service process = chaos.service("process", EmbeddedRedis.process());
            Service container = chaos.service(
                    "container",
                    ServiceContainer.of(new GenericContainer<>("redis:7.0").withNetwork(network))
                            .ports(6379));
            System.out.println("started");
            for (int round = 1; System.in.available() == 0; round++) {
                boolean even = round % 2 == 0;
                strike(chaos, even ? process : container, even ? container : process, delay);
                System.out.println("round " + round);
            }
        }
        System.out.println("ended");
    }

    private static void strike(Chaos chaos, Service slow, Service fast, Duration delay) {
        ActiveFault fault = chaos.inject(new Latency(delay), Target.of(slow));
        expect(slow, delay, delay.plusMillis(300));
        expect(fast, Duration.ZERO, ofSeconds(1).dividedBy(4));
        fault.heal();
        expect(slow, Duration.ZERO, ofSeconds(1).dividedBy(4));
    }

    private static void expect(Service service, Duration least, Duration most) {
        try (Jedis jedis =
                new Jedis(service.address().getHostString(), service.address().getPort(), 5_000)) {
            long begun = System.nanoTime();
            jedis.ping();
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            if (took.compareTo(least) < 0 || took.compareTo(most) > 0) {
                System.out.println(
                        "cross-talk: " + service + " answered within " + took + " instead of " + least + " to " + most);
            }
        }
    }
}
