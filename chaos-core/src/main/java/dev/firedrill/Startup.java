package dev.firedrill;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.testcontainers.lifecycle.Startable;

/** Starts and ends several services. */
final class Startup {

    private final Ways ways;

    Startup(Ways ways) {
        this.ways = ways;
    }

    /** In order, but containers that stand next to each other at the same time. */
    void start(List<Service> services) {
        List<Service> containers = new ArrayList<>();
        for (Service service : services) {
            if (service.isOfContainers()) {
                containers.add(service);
            } else {
                startTogether(containers);
                containers.clear();
                service.start();
            }
        }
        startTogether(containers);
    }

    /** Those that depend on others wait until these are ready. */
    private void startTogether(List<Service> services) {
        List<Service> left = new ArrayList<>(services);
        left.removeIf(Service::isStartedOrGone);
        if (!left.isEmpty()) {
            Containers.checkNoCircle(left, left);
            ways.lead(left);
        }
        while (!left.isEmpty()) {
            List<Service> next =
                    left.stream().filter(service -> !waitsFor(service, left)).toList();
            if (next.isEmpty()) {
                throw new ChaosException(
                        "services " + left + " depend on each other in a circle, through dependsOn(...) of"
                                + " their containers; start one of them without waiting for the others");
            }
            Together.run(
                    "firedrill-start",
                    next.stream().<Runnable>map(service -> service::start).toList());
            left.removeAll(next);
        }
    }

    /** In order, but containers that stand next to each other at the same time: they are ended in a hurry. */
    void end(List<Service> services, Closing closing) {
        List<Service> containers = new ArrayList<>();
        for (Service service : services) {
            if (service.isOfContainers()) {
                containers.add(service);
            } else {
                endTogether(containers, closing);
                closing.attempt(service::end);
            }
        }
        endTogether(containers, closing);
    }

    private void endTogether(List<Service> containers, Closing closing) {
        boolean interrupted = Thread.interrupted(); // it must not cut the clean-up short
        List<Runnable> ends = new ArrayList<>(ways.endsWith(containers)); // first, for they take longest
        containers.forEach(service -> ends.add(service::end));
        closing.attempt(() -> Together.run("firedrill-end", ends));
        containers.clear();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean waitsFor(Service service, List<Service> others) {
        IdentityHashMap<Startable, Service> owners = new IdentityHashMap<>(); // two with the same settings are equal
        others.stream()
                .filter(other -> other != service)
                .forEach(other -> Containers.containers(other).forEach(container -> owners.put(container, other)));
        return Containers.containers(service).stream()
                .flatMap(container -> container.getDependencies().stream())
                .anyMatch(owners::containsKey);
    }
}
