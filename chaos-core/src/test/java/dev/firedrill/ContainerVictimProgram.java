package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Stop;
import dev.firedrill.schedule.Schedule;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;

/**
 * A JVM in the middle of experiments on a container, to be ended from outside.
 *
 * <p>Arguments: the home, and what to do: {@code faults} with a container of its own, {@code hold} it, {@code slow} to start
 * one that is never ready, {@code start} a reusable one in a given network and leave it to others, or the kind of the fault
 * to hold on that one, borrowed.
 */
final class ContainerVictimProgram {

    private static final List<Fault> FAULTS = List.of(new Latency(ofMillis(30)), new Pause(), new Kill(), new Stop());

    private ContainerVictimProgram() {}

    public static void main(String[] arguments) {
        System.out.println("begun");
        System.out.println("session " + DockerClientFactory.SESSION_ID);
        Chaos chaos = Chaos.builder().home(Path.of(arguments[0])).reports(null).start();
        switch (arguments[1]) {
            case "faults" -> faultAfterFault(chaos, own(chaos));
            case "hold" -> {
                own(chaos);
                System.out.println("started");
                await();
            }
            case "start" -> {
                GenericContainer<?> owned = reusable(arguments[2]);
                owned.start();
                System.out.println("id " + owned.getContainerId());
                System.out.println("started");
                await();
            }
            case "slow" ->
                chaos.service("redis", ServiceContainer.of(neverReady()).ports(6379));
            default -> {
                Service redis = chaos.service(
                        "redis", ServiceContainer.of(reusable(arguments[2])).ports(6379));
                chaos.inject(fault(arguments[1]), Target.of(redis));
                System.out.println("in force");
                await();
            }
        }
    }

    private static Service own(Chaos chaos) {
        GenericContainer<?> container =
                redis().withNetwork(Network.newNetwork()).withNetworkAliases("redis");
        return chaos.service("redis", ServiceContainer.of(container).ports(6379));
    }

    private static GenericContainer<?> redis() {
        return new GenericContainer<>("redis:7.0");
    }

    private static GenericContainer<?> neverReady() {
        return redis().withNetwork(Network.newNetwork())
                .withNetworkAliases("redis")
                .withCommand("sleep", "600")
                .withStartupTimeout(ofSeconds(50));
    }

    /** The same for every JVM that gives the same network: whoever comes first starts it. */
    private static GenericContainer<?> reusable(String network) {
        return redis().withExposedPorts(6379).withNetworkMode(network).withReuse(true);
    }

    private static Fault fault(String kind) {
        return FAULTS.stream()
                .filter(each -> each.kind().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static void faultAfterFault(Chaos chaos, Service redis) {
        System.out.println("started");
        for (int i = 0; ; i++) {
            chaos.experiment("fault after fault")
                    .inject(FAULTS.get(i % FAULTS.size()), redis, Schedule.now().lasting(ofMillis(100)))
                    .observe(drill -> {
                        drill.awaitActive();
                        System.out.println("in force");
                    });
        }
    }

    private static void await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
