package dev.firedrill;

import dev.firedrill.internal.container.ContainerControl;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.lifecycle.Startable;

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
                throw new IllegalArgumentException(node + ": its container does not expose port " + port
                        + (exposed.isEmpty()
                                ? "; it exposes none and runs already, so add withExposedPorts(" + port
                                        + ") to it before it starts"
                                : "; it exposes " + exposed + "; name one of these, or add withExposedPorts(" + port
                                        + ") to the container"));
            }
        }
        return container.ports();
    }

    /** Two holders of an alias are called at random. */
    static void checkApart(
            String node,
            ServiceContainer container,
            Map<String, ServiceContainer> beside,
            Collection<Service> services) {
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
        beside.forEach((name, other) -> checkApart(node, container.container(), name, other.container()));
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

    /** Testcontainers would start them for ever. */
    static void checkNoCircle(List<Service> started, Collection<Service> known) {
        if (started.stream().noneMatch(Service::isOfContainers)) {
            return; // Testcontainers may not be on the class path
        }
        IdentityHashMap<Startable, String> names = new IdentityHashMap<>(); // two with the same settings are equal
        List<Startable> all = new ArrayList<>();
        for (Service service : known) {
            for (Node node : service.nodes()) {
                if (node.container() != null) {
                    names.put(node.container().spec().container(), node.name());
                }
            }
        }
        started.forEach(service -> all.addAll(containers(service)));
        Set<Startable> checked = Collections.newSetFromMap(new IdentityHashMap<>());
        all.forEach(each -> checkNoCircle(each, new ArrayList<>(), checked, names));
    }

    /** The containers of a service's nodes. */
    static List<GenericContainer<?>> containers(Service service) {
        List<GenericContainer<?>> found = new ArrayList<>();
        for (Node node : service.nodes()) {
            ContainerControl control = node.container();
            if (control != null) {
                found.add(control.spec().container());
            }
        }
        return found;
    }

    @SuppressWarnings("ReferenceEquality") // two containers with the same settings are equal
    private static void checkNoCircle(
            Startable one, List<Startable> way, Set<Startable> checked, IdentityHashMap<Startable, String> names) {
        for (int from = 0; from < way.size(); from++) {
            if (way.get(from) == one) {
                List<String> circle = Stream.concat(way.subList(from, way.size()).stream(), Stream.of(one))
                        .map(each ->
                                names.getOrDefault(each, "(a " + each.getClass().getSimpleName() + " of no service)"))
                        .toList();
                throw new ChaosException(circle.get(0) + ": its container depends on itself, through dependsOn(...): "
                        + String.join(" -> ", circle) + "; start one of them without waiting for the others");
            }
        }
        if (checked.contains(one)) {
            return;
        }
        way.add(one);
        one.getDependencies().forEach(each -> checkNoCircle(each, way, checked, names));
        way.remove(way.size() - 1);
        checked.add(one);
    }

    private static @Nullable String firstInBoth(List<String> one, List<String> other) {
        return Stream.of(one)
                .flatMap(List::stream)
                .filter(other::contains)
                .findFirst()
                .orElse(null);
    }
}
