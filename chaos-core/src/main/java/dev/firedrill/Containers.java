package dev.firedrill;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;

/** What is checked of containers before anything is touched. */
final class Containers {

    private Containers() {}

    /** The ports of the service: those that are named, or all that the container exposes. */
    static List<Integer> ports(String node, ServiceContainer container) {
        List<Integer> exposed = container.container().getExposedPorts();
        if (container.ports().isEmpty()) {
            return exposed.stream().distinct().toList();
        }
        boolean canBeExposed = exposed.isEmpty() && !container.container().isRunning();
        for (int port : container.ports()) {
            if (!exposed.contains(port) && !canBeExposed) {
                throw new IllegalArgumentException(
                        node + ": its container does not expose port " + port + "; it exposes " + exposed
                                + "; name one of these, or add withExposedPorts(" + port + ") to the container");
            }
        }
        return container.ports();
    }

    /** Two holders of an alias are called at random. */
    static void checkApart(
            String node, ServiceContainer container, List<ServiceContainer> beside, Collection<Service> services) {
        for (Service service : services) {
            for (Node other : service.nodes()) {
                if (!service.isGone() && other.container() != null) {
                    checkApart(
                            node,
                            container.container(),
                            other.name(),
                            other.container().spec().container());
                }
            }
        }
        for (ServiceContainer other : beside) {
            checkApart(node, container.container(), "another node of it", other.container());
        }
    }

    @SuppressWarnings("ReferenceEquality") // two containers with the same settings are equal
    private static void checkApart(String node, GenericContainer<?> one, String holder, GenericContainer<?> other) {
        if (one == other) {
            throw new IllegalArgumentException(
                    node + ": its container is that of " + holder + " already; give each a container of its own");
        }
        if (one.getNetwork() == null || !Objects.equals(one.getNetwork(), other.getNetwork())) {
            return;
        }
        String twice = firstInBoth(one.getNetworkAliases(), other.getNetworkAliases());
        if (twice != null) {
            throw new IllegalArgumentException(node + ": its alias \"" + twice + "\" is held by " + holder
                    + " on the same network, so that calls would reach either of them at random; give each an alias of its"
                    + " own");
        }
    }

    private static @Nullable String firstInBoth(List<String> one, List<String> other) {
        return Stream.of(one)
                .flatMap(List::stream)
                .filter(other::contains)
                .findFirst()
                .orElse(null);
    }
}
