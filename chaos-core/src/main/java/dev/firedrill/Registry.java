package dev.firedrill;

import dev.firedrill.internal.container.ContainerControl;
import dev.firedrill.internal.process.ProcessControl;
import dev.firedrill.schedule.Chance;
import dev.firedrill.spi.Resolved;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The names of one scope: the services declared through it and those shared with it. Safe for concurrent use. */
final class Registry {

    private final Ground ground;
    private final Map<String, Service> services = new LinkedHashMap<>(); // guarded by this, as are the next
    private final List<Service> own = new ArrayList<>();
    private boolean ended;

    Registry(Ground ground) {
        this.ground = ground;
    }

    synchronized void share(Service service) {
        if (services.get(service.name()) != service) {
            checkNew(service.name());
            services.put(service.name(), service);
        }
    }

    synchronized Service declare(String name, Upstream upstream) {
        return declare(
                name,
                upstream.ports(),
                List.of((service, index) ->
                        Node.foreign(service, index, ground.time(), upstream, ground.hasSharedToxiproxy())));
    }

    synchronized Service declare(String name, List<LocalProcess> processes) {
        if (processes.isEmpty()) {
            throw new IllegalArgumentException("service " + name + ": no process is given; give one for each node");
        }
        List<Integer> ports = processes.get(0).ports();
        checkNew(name);
        List<BiFunction<Service, Integer, Node>> nodes = new ArrayList<>();
        for (LocalProcess process : processes) {
            if (!process.ports().equals(ports)) {
                throw new IllegalArgumentException("service " + name + ": its nodes have different ports, " + ports
                        + " and " + process.ports() + "; give them the same");
            }
            String node = processes.size() == 1 ? name : name + "[" + nodes.size() + "]";
            ProcessControl.validate(node, process, services.keySet());
            new Calls(name, process, this::service).check();
            nodes.add((service, index) -> Node.ours(
                    service,
                    index,
                    ground.time(),
                    control(name, node, process),
                    process.readyWithin(),
                    ground.hasSharedToxiproxy()));
        }
        return declare(name, ports, nodes);
    }

    synchronized Service declareContainers(String name, List<ServiceContainer> containers) {
        if (containers.isEmpty()) {
            throw new IllegalArgumentException("service " + name + ": no container is given; give one for each node");
        }
        checkNew(name);
        List<Integer> ports = Containers.ports(name, containers.get(0));
        List<BiFunction<Service, Integer, Node>> nodes = new ArrayList<>();
        Map<String, ServiceContainer> others = new LinkedHashMap<>();
        for (ServiceContainer each : containers) {
            String node = containers.size() == 1 ? name : name + "[" + nodes.size() + "]";
            if (!Containers.ports(node, each).equals(ports)) {
                throw new IllegalArgumentException("service " + name + ": its nodes have different ports, " + ports
                        + " and " + Containers.ports(node, each) + "; give them the same");
            }
            Containers.checkApart(node, each, others, services.values());
            others.put(node, each);
            nodes.add((service, index) -> {
                ContainerControl control = new ContainerControl(node, each, ports, ground.containers());
                return Node.ours(
                        service, index, ground.time(), control, each.readyWithin(), ground.isDiverted(control));
            });
        }
        return declare(name, ports, nodes);
    }

    private ProcessControl control(String service, String node, LocalProcess process) {
        return new ProcessControl(
                node,
                process,
                new Calls(service, process, this::service)::addresses,
                Homes.node(ground.home(), node, ground.time()),
                ground.journal(),
                ground.time());
    }

    private Service declare(String name, List<Integer> ports, List<BiFunction<Service, Integer, Node>> nodes) {
        checkNew(name);
        Service failed = services.get(name);
        if (failed != null) {
            remove(failed);
        }
        Service service = new Service(name, ports, ground.links(), ground.ways(), nodes);
        ground.add(service);
        services.put(name, service);
        own.add(service);
        return service;
    }

    private void checkNew(String name) {
        ground.checkOpen("service " + name);
        if (ended) {
            throw new IllegalStateException("service " + name + ": this scope of a Chaos is closed");
        }
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")) {
            throw new IllegalArgumentException("service \"" + name
                    + "\" is no name; allowed are 1 to 100 letters, digits, dots, hyphens and underscores");
        }
        if (List.of(Link.TEST, Link.PROBE, Link.CONTAINERS, "host", "port", "dir")
                .contains(name)) {
            throw new IllegalArgumentException("service \"" + name
                    + "\": the name has a meaning of its own in targets and templates; choose another");
        }
        Service known = services.get(name);
        if (known != null && !known.isGone()) {
            throw new IllegalArgumentException("two services are named \"" + name + "\"; give each a name of its own");
        }
    }

    synchronized void remove(Service service) {
        services.remove(service.name(), service);
        own.remove(service);
        ground.remove(service);
    }

    synchronized Service service(String name) {
        return new Targets(services).service(name);
    }

    synchronized List<Service> services() {
        return List.copyOf(services.values());
    }

    synchronized Resolved resolve(Step step, @Nullable Chance chance) {
        return new Targets(services).resolve(step, chance);
    }

    /** Ends the services that were declared here, newest first. */
    void end() {
        Closing closing = new Closing();
        List<Service> ended = newestFirst();
        new Startup(ground.ways()).end(ended, closing);
        ended.forEach(this::remove);
        closing.throwIfAny();
    }

    private synchronized List<Service> newestFirst() {
        ended = true;
        List<Service> newestFirst = new ArrayList<>(own);
        Collections.reverse(newestFirst);
        own.clear();
        return newestFirst;
    }
}
