package dev.firedrill;

import static java.util.Objects.requireNonNull;

import dev.firedrill.internal.container.ContainerControl;
import dev.firedrill.internal.container.ContainerRoom;
import dev.firedrill.internal.container.FirstStart;
import dev.firedrill.internal.container.ProxyContainer;
import dev.firedrill.internal.toxiproxy.ToxiproxyEngine;
import dev.firedrill.internal.toxiproxy.ToxiproxyEngine.Station;
import dev.firedrill.internal.toxiproxy.ToxiproxyEngine.Way;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Leads the links of containers through a Toxiproxy, before the containers start. Safe for concurrent use.
 *
 * <pre>
 *   test       -> front of the link -> Toxiproxy, a port for each link      -> container, under a hidden name
 *   containers -> Toxiproxy, under the container's aliases and own ports    -> container
 *   orders     -> a Toxiproxy that only it finds under these aliases        -> container
 * </pre>
 *
 * One Toxiproxy for the test's links to the services of a network that start together, and one for what containers call there;
 * another one for those whose ports are taken under another alias, and for each caller that a target names, since a name
 * leads to one address only.
 */
final class Ways implements AutoCloseable {

    private static final int FIRST_PORT = 20_000; // where the test's links enter; servers listen on others as a rule

    private final Links links;
    private final @Nullable ContainerRoom room;
    private final @Nullable ToxiproxyEngine engine;
    private final Map<Service, Group> led = new HashMap<>(); // guarded by this, as is the next
    private boolean closed;

    /** Without an engine no way is led anywhere. */
    Ways(Links links, @Nullable ContainerRoom room, @Nullable ToxiproxyEngine engine) {
        this.links = links;
        this.room = room;
        this.engine = engine;
    }

    /** What was started for services that were started together. */
    private record Group(Set<Service> users, List<ProxyContainer> proxies) {}

    /** One Toxiproxy to be started. */
    private static final class Plan {
        final String caller;
        final @Nullable Service callers;
        final Set<String> aliases = new LinkedHashSet<>();
        final List<Integer> exposed = new ArrayList<>();
        final Map<Integer, Way> ways = new LinkedHashMap<>();

        Plan(String caller, @Nullable Service callers) {
            this.caller = caller;
            this.callers = callers;
        }

        boolean hasRoomFor(Collection<Integer> ports) {
            return ports.stream().noneMatch(ways::containsKey);
        }
    }

    /** Starts what the links of these services lead through. Those that were led before are left as they are. */
    synchronized void lead(List<Service> services) {
        ToxiproxyEngine toxiproxy = engine;
        if (toxiproxy == null) {
            return;
        }
        if (closed) {
            throw new IllegalStateException(services + ": this Chaos is closed");
        }
        Map<String, List<Node>> networks = new LinkedHashMap<>();
        Set<Service> users = new HashSet<>();
        for (Service service : services) {
            for (Node node : service.nodes()) {
                if (node.isDiverted() && !led.containsKey(service)) {
                    checkNotStarted(node);
                    networks.computeIfAbsent(first(node).network(), id -> new ArrayList<>())
                            .add(node);
                    users.add(service);
                }
            }
        }
        if (!users.isEmpty()) {
            ToxiproxyEngine.checkLibrary();
        }
        Group group = new Group(users, new ArrayList<>());
        try {
            networks.forEach((network, nodes) -> lead(toxiproxy, network, nodes, group));
        } catch (RuntimeException | Error e) {
            end(group, e);
            throw e;
        }
        users.forEach(service -> led.put(service, group));
    }

    private static void checkNotStarted(Node node) {
        ContainerControl control = requireNonNull(node.container());
        if (control.isStartedBySomebodyElse()) {
            throw new ChaosException(
                    node.name() + ": its container was started by somebody else after it had been declared,"
                            + " so that what calls it can't be led through a Toxiproxy any more; declare it when it runs, or leave its"
                            + " start to Firedrill: a container that others depend on is declared before them");
        }
    }

    private ContainerRoom room() {
        return requireNonNull(room, "room");
    }

    private static FirstStart first(Node node) {
        return requireNonNull(requireNonNull(node.container()).first(), "first");
    }

    private void lead(ToxiproxyEngine toxiproxy, String network, List<Node> nodes, Group group) {
        List<Plan> plans = plans(nodes);
        nodes.forEach(node -> node.aliases().forEach(alias -> checkFree(alias, network)));
        Map<Plan, ProxyContainer> started = new LinkedHashMap<>();
        List<Runnable> starts = new ArrayList<>();
        for (Plan plan : plans) {
            starts.add(() -> {
                ProxyContainer proxy = ProxyContainer.start(
                        room(), network, plan.caller.equals(Link.CONTAINERS) ? plan.aliases : List.of(), plan.exposed);
                synchronized (group) {
                    group.proxies.add(proxy);
                }
                toxiproxy.lead(new Station(proxy.api(), proxy::endpoint), List.copyOf(plan.ways.values()));
                synchronized (started) {
                    started.put(plan, proxy);
                }
            });
        }
        Together.run("firedrill-toxiproxy", starts);
        started.forEach(Ways::tell);
    }

    private void checkFree(String alias, String network) {
        String holder = room().holderOf(alias, network);
        if (holder != null) {
            throw new ChaosException("the alias \"" + alias + "\" is held twice: container " + holder
                    + " has it already on the same network, so that calls would reach either of them at random; give each an"
                    + " alias of its own");
        }
    }

    /** Lets the caller's containers find the aliases at the Toxiproxy that is theirs alone. */
    private static void tell(Plan plan, ProxyContainer proxy) {
        if (plan.callers != null) {
            plan.callers
                    .nodes()
                    .forEach(node -> plan.aliases.forEach(alias -> first(node).find(alias, proxy.address())));
        }
    }

    private List<Plan> plans(List<Node> nodes) {
        List<Plan> plans = new ArrayList<>();
        Plan main = new Plan(Link.TEST, null); // apart, so that what passes between containers can be told
        plans.add(main);
        for (Node node : nodes) {
            String hidden = first(node).divert();
            Map<String, List<Link>> byCaller = new LinkedHashMap<>();
            for (Link link : links.into(node.service())) {
                if (link.node() != node) {
                    continue;
                }
                if (link.isBetweenContainers()) {
                    byCaller.computeIfAbsent(link.caller(), caller -> new ArrayList<>())
                            .add(link);
                } else if (link.isThroughToxiproxy()) {
                    int port = FIRST_PORT + main.exposed.size();
                    main.exposed.add(port);
                    main.ways.put(port, new Way(link, port, hidden + ":" + link.port()));
                }
            }
            byCaller.forEach((caller, calls) -> seat(plans, caller, node, calls, hidden));
        }
        return plans;
    }

    private static void seat(List<Plan> plans, String caller, Node node, List<Link> calls, String hidden) {
        List<Integer> ports = calls.stream().map(Link::port).toList();
        Service callers = calls.get(0).callers();
        Plan found = plans.stream()
                .filter(plan -> plan.caller.equals(caller) && plan.callers == callers && plan.hasRoomFor(ports))
                .findFirst()
                .orElse(null);
        if (found == null) {
            found = new Plan(caller, callers);
            plans.add(found);
        }
        found.aliases.addAll(node.aliases());
        for (Link link : calls) {
            found.ways.put(link.port(), new Way(link, link.port(), hidden + ":" + link.port()));
        }
    }

    /** How to end the Toxiproxies that nobody else uses than these services, which are being ended. */
    synchronized List<Runnable> endsWith(Collection<Service> services) {
        List<Runnable> ends = new ArrayList<>();
        for (Service service : services) {
            Group group = led.get(service);
            if (group != null && services.containsAll(group.users)) {
                group.users.forEach(led::remove);
                group.proxies.forEach(proxy -> ends.add(proxy::close));
            }
        }
        return ends;
    }

    /** A service has ended; the last one of a group takes its Toxiproxies along. */
    void leave(Service service) {
        Group group;
        synchronized (this) {
            group = led.remove(service);
            if (group == null) {
                return;
            }
            group.users.remove(service);
            if (!group.users.isEmpty()) {
                return;
            }
        }
        Closing closing = new Closing();
        group.proxies.forEach(proxy -> closing.attempt(proxy::close));
        closing.throwIfAny();
    }

    private static void end(Group group, Throwable trouble) {
        for (ProxyContainer proxy : group.proxies) {
            try {
                proxy.close();
            } catch (RuntimeException e) {
                trouble.addSuppressed(e);
            }
        }
    }

    @Override
    public void close() {
        List<Service> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(led.keySet());
        }
        Closing closing = new Closing();
        left.forEach(service -> closing.attempt(() -> leave(service)));
        closing.throwIfAny();
    }
}
