package dev.firedrill;

import static java.util.Objects.requireNonNull;

import dev.firedrill.schedule.Durations;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.testcontainers.containers.GenericContainer;

/**
 * A container as a node of a service. Immutable; each method returns a changed copy.
 *
 * <p>One that does not run yet is started and removed by Firedrill, and what other containers on its network call by its
 * alias is led through a Toxiproxy. One that runs already when the service starts, or is {@linkplain
 * GenericContainer#withReuse reusable}, is used as it is: it is killed, stopped and frozen when a fault says so, runs again
 * when that is healed, and is left running.
 *
 * @param container the container
 * @param ports the ports under which the service is known, inside the container; empty for all that it exposes
 * @param ready looks whether a port that accepts connections also does its work, after a restart; the first start is over
 *     when the container's own wait strategy says so
 * @param readyWithin how long a restart may take until every port is ready
 * @param stopWithin how long an orderly end may take before the container is killed
 * @param borrowed whether somebody else starts and ends the container, even if it does not run yet
 * @since 0.1
 */
public record ServiceContainer(
        GenericContainer<?> container,
        List<Integer> ports,
        LocalProcess.Ready ready,
        Duration readyWithin,
        Duration stopWithin,
        boolean borrowed) {

    /**
     * Checks the arguments.
     *
     * @throws IllegalArgumentException if a port is given twice or outside 1..65535, or a duration is not positive
     */
    public ServiceContainer {
        requireNonNull(container, "container");
        requireNonNull(ready, "ready");
        ports = List.copyOf(ports);
        for (int port : ports) {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("container: port " + port
                        + " is outside 1..65535; give a port that the server listens on inside the container");
            }
        }
        if (ports.stream().distinct().count() < ports.size()) {
            throw new IllegalArgumentException("container: a port is given twice in " + ports + "; give each once");
        }
        checkPositive("readyWithin", readyWithin);
        checkPositive("stopWithin", stopWithin);
    }

    private static void checkPositive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("container: " + what + " " + Durations.format(value)
                    + " is not positive; give for example Duration.ofSeconds(10)");
        }
        Durations.checkLength("container: " + what, value);
    }

    /**
     * A container with its defaults: all the ports that it exposes, ready within 60 s after a restart, killed if it does not
     * stop within 10 s.
     *
     * @param container not started, or running already
     * @return the container as a node
     */
    public static ServiceContainer of(GenericContainer<?> container) {
        return new ServiceContainer(
                container, List.of(), (port, address) -> true, Duration.ofSeconds(60), Duration.ofSeconds(10), false);
    }

    /**
     * Sets the ports under which the service is known.
     *
     * @param numbers ports inside the container; a container that exposes none and does not run yet is made to expose them
     * @return a changed copy
     * @throws IllegalArgumentException if one is given twice or outside 1..65535
     */
    public ServiceContainer ports(int... numbers) {
        return new ServiceContainer(
                container, Arrays.stream(numbers).boxed().toList(), ready, readyWithin, stopWithin, borrowed);
    }

    /**
     * Sets how a restarted container is seen to do its work, for one that accepts connections before that.
     *
     * @param look as for {@link LocalProcess#ready}
     * @return a changed copy
     */
    public ServiceContainer ready(LocalProcess.Ready look) {
        return new ServiceContainer(container, ports, look, readyWithin, stopWithin, borrowed);
    }

    /**
     * Sets how long a restart may take.
     *
     * @param limit until every port is ready
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public ServiceContainer readyWithin(Duration limit) {
        return new ServiceContainer(container, ports, ready, limit, stopWithin, borrowed);
    }

    /**
     * Sets how long an orderly end may take.
     *
     * @param limit before the container is killed; counted in whole seconds by Docker, rounded up
     * @return a changed copy
     * @throws IllegalArgumentException if it is not positive
     */
    public ServiceContainer stopWithin(Duration limit) {
        return new ServiceContainer(container, ports, ready, readyWithin, limit, borrowed);
    }

    /**
     * Leaves starting and ending to somebody else, such as JUnit's {@code @Container}: if it does not run when the service
     * starts it is started as it is, and it is left running.
     *
     * @return a changed copy
     */
    public ServiceContainer asBorrowed() {
        return new ServiceContainer(container, ports, ready, readyWithin, stopWithin, true);
    }
}
