package dev.firedrill;

import dev.firedrill.internal.container.ContainerControl;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A name and its nodes. Made by {@link Chaos#service} or {@link Chaos#declare}; safe for concurrent use.
 *
 * <pre>
 *                  start()                  failed, its Chaos closed
 *   DECLARED ------------------> STARTED ------------------------------> GONE
 * </pre>
 *
 * @since 0.1
 */
public final class Service {

    private final String name;
    private final List<Integer> ports;
    private final List<Node> nodes;
    private final Links links;
    private final Ways ways;
    private final Object starting = new Object();
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.DECLARED);
    private volatile boolean busy;
    private volatile @Nullable Mark mark;
    private volatile @Nullable Throwable startFailure;

    private enum Phase {
        DECLARED,
        STARTED,
        GONE
    }

    Service(String name, List<Integer> ports, Links links, Ways ways, List<BiFunction<Service, Integer, Node>> nodes) {
        this.name = name;
        this.ports = List.copyOf(ports);
        this.links = links;
        this.ways = ways;
        this.nodes = IntStream.range(0, nodes.size())
                .mapToObj(index -> nodes.get(index).apply(this, index))
                .toList();
        for (Node node : this.nodes) {
            ports.forEach(port -> links.link(Link.TEST, node, port));
            if (isCalledByContainers(node)) {
                ports.forEach(port -> links.link(Link.CONTAINERS, node, port, true, null));
            }
        }
    }

    /**
     * Its name.
     *
     * @return as declared
     */
    public String name() {
        return name;
    }

    /**
     * The ports it is known under.
     *
     * @return in order of declaration; empty for a process that listens on none
     */
    public List<Integer> ports() {
        return ports;
    }

    /**
     * Its nodes.
     *
     * @return by index
     */
    public List<Node> nodes() {
        return nodes;
    }

    /**
     * Opens its links, starts its processes and waits until they are ready. The second and later calls do nothing.
     *
     * @return this
     * @throws ChaosException if a process does not start or is not ready in time; nothing is left running then
     * @throws IllegalStateException if it could not be started before, or its Chaos is closed
     */
    public Service start() {
        synchronized (starting) {
            if (isStarted()) {
                return this;
            }
            checkNotGone();
            try {
                Containers.checkNoCircle(List.of(this), links.services());
                ways.lead(List.of(this));
                links.open(this);
                nodes.forEach(Node::startFirst);
                nodes.forEach(Node::awaitReady);
                // whoever ended it meanwhile did not wait for the start
                if (!phase.compareAndSet(Phase.DECLARED, Phase.STARTED)) {
                    checkNotGone();
                }
            } catch (RuntimeException | Error e) {
                startFailure = e;
                endAfter(e);
                throw e;
            }
            return this;
        }
    }

    private void endAfter(Throwable trouble) {
        try {
            end();
        } catch (RuntimeException e) {
            trouble.addSuppressed(e);
        }
    }

    private void checkNotGone() {
        if (isGone()) {
            throw new IllegalStateException("service " + name + gone(), startFailure);
        }
    }

    void checkStarted(String attempt) {
        if (!isStarted()) {
            throw new IllegalStateException(
                    attempt + ": service " + name
                            + (isGone() ? gone() : " has not been started; call its start() first"),
                    startFailure);
        }
    }

    private String gone() {
        Throwable failure = startFailure;
        return failure == null
                ? " has ended: its Chaos was closed"
                : " has ended: its start failed: " + failure.getMessage();
    }

    private boolean isStarted() {
        return phase.get() == Phase.STARTED;
    }

    boolean isOfContainers() {
        return nodes.stream().anyMatch(node -> node.container() != null);
    }

    boolean isStartedOrGone() {
        return phase.get() != Phase.DECLARED;
    }

    boolean isGone() {
        return phase.get() == Phase.GONE;
    }

    /** Ends the processes, then closes the links. */
    void end() {
        phase.set(Phase.GONE);
        nodes.forEach(Node::retire);
        Closing closing = new Closing();
        nodes.forEach(node -> closing.attempt(node::close));
        closing.attempt(() -> links.close(this));
        closing.attempt(() -> ways.leave(this));
        closing.throwIfAny();
    }

    boolean isBusy() {
        return busy;
    }

    void busy(boolean now) {
        busy = now;
    }

    /** What happened to it in an earlier experiment and was not put right, and who is to blame. */
    @Nullable
    Mark mark() {
        return mark;
    }

    void mark(@Nullable Mark trouble) {
        mark = trouble;
    }

    /**
     * What an earlier experiment left.
     *
     * @param text for people
     * @param firedrills whether Firedrill could not undo what it had done; otherwise it is the system that did not come back
     */
    record Mark(String text, boolean firedrills) {}

    /**
     * The links into it.
     *
     * @return the test's, the probes' and those of other services
     */
    public List<Link> links() {
        return links.into(this);
    }

    /**
     * Where the test connects to the service's only port, on its first node.
     *
     * @return the address of the test's link
     * @throws IllegalArgumentException if the service has no port, or several
     */
    public InetSocketAddress address() {
        return address(onlyPort());
    }

    /**
     * Where the test connects to one of the service's ports, on its first node.
     *
     * @param port the port that the service is known under
     * @return the address of the test's link
     * @throws IllegalArgumentException if the service has no such port
     */
    public InetSocketAddress address(int port) {
        return link(Link.TEST, port).address();
    }

    /**
     * The link from a caller to one of the service's ports, on its first node; opened if it is not open yet.
     *
     * @param caller {@link Link#TEST}, {@link Link#PROBE}, or the name of a service
     * @param port the port that the service is known under
     * @return the link
     * @throws IllegalArgumentException if the service has no such port, or the caller's name is blank
     */
    public Link link(String caller, int port) {
        return nodes.get(0).link(caller, port);
    }

    /**
     * A template filled in with the test's address of the first node.
     *
     * @param template such as <code>jdbc:postgresql://{host}:{port}/shop</code>; with several ports write
     *     <code>{port:5672}</code>
     * @return the text
     * @throws IllegalArgumentException if the template has no <code>{port}</code> or names an unknown one
     */
    public String fill(String template) {
        return nodes.get(0).fill(template, Link.TEST);
    }

    /**
     * A template filled in with the probes' address of the first node: what goes over it feels the faults and never counts
     * as load.
     *
     * @param template as for {@link #fill}
     * @return the text
     * @throws IllegalArgumentException if the template has no <code>{port}</code> or names an unknown one
     */
    public String fillForProbe(String template) {
        return nodes.get(0).fill(template, Link.PROBE);
    }

    /**
     * Where the test connects to the service's only port.
     *
     * @return such as {@code tcp://127.0.0.1:40123}
     * @throws IllegalArgumentException if the service has no port, or several
     */
    public URI uri() {
        return URI.create(fill("tcp://{host}:{port}"));
    }

    private static boolean isCalledByContainers(Node node) {
        return node.isDiverted() && !node.aliases().isEmpty();
    }

    /**
     * Gives one container's calls to this service a way of their own, as long as neither has been started.
     *
     * @throws IllegalArgumentException if that is not possible; the message says why
     */
    void isCalledBy(Service caller, String target) {
        for (Node node : nodes) {
            for (int port : ports) {
                boolean known = links.into(this).stream()
                        .anyMatch(link -> link.node() == node
                                && link.port() == port
                                && link.caller().equals(caller.name()));
                if (!known) {
                    checkCall(caller, node, target);
                    links.link(caller.name(), node, port, true, caller);
                }
            }
        }
    }

    /**
     * Checks that calls of containers can be told from others on at least one node.
     *
     * @throws IllegalArgumentException if that is not so; the message says why
     */
    void checkCalledByContainers(String target) {
        if (nodes.stream().noneMatch(Service::isCalledByContainers)) {
            checkCalledByContainers(nodes.get(0), target);
        }
    }

    private static void checkCalledByContainers(Node node, String target) {
        if (!isCalledByContainers(node)) {
            throw new IllegalArgumentException("target \"" + target + "\": calls of containers to " + node.name()
                    + " can't be intercepted: " + whyNot(node));
        }
    }

    private void checkCall(Service caller, Node node, String target) {
        checkCalledByContainers(node, target);
        if (caller.phase.get() != Phase.DECLARED || phase.get() != Phase.DECLARED) {
            throw new IllegalArgumentException("target \"" + target + "\": " + caller.name()
                    + " has been started already, and its calls can be told apart from those of other containers only if"
                    + " that is known before; plan the experiment between declare and start (in JUnit declare the services in the"
                    + " class whose tests name the caller), or name all callers: \""
                    + name + "\"");
        }
        if (caller.nodes.stream()
                .anyMatch(each -> each.container() == null || each.container().first() == null)) {
            throw new IllegalArgumentException("target \"" + target + "\": " + caller.name()
                    + " is no container that Firedrill starts, so its calls can't be told apart; declare it with"
                    + " @ChaosService or Chaos.declare and leave its start to Firedrill, or name all callers: \"" + name
                    + "\"");
        }
    }

    private static String whyNot(Node node) {
        ContainerControl container = node.container();
        if (container == null) {
            return "it is no container";
        }
        if (container.first() == null) {
            return "it runs already or is somebody else's to start, so its alias can't be moved to a Toxiproxy; leave its"
                    + " start to Firedrill";
        }
        return node.isDiverted()
                ? "it has no alias; give it withNetwork(...) and withNetworkAliases(\""
                        + node.service().name() + "\")"
                : "no Toxiproxy stands before it; set chaos.engine=auto and no chaos.toxiproxy";
    }

    Link link(String caller, Node node, int port) {
        return links.link(caller, node, port);
    }

    void checkPort(int port) {
        if (!ports.contains(port)) {
            throw new IllegalArgumentException("service " + name + " has no port " + port + "; its ports are " + ports);
        }
    }

    int onlyPort() {
        if (ports.size() != 1) {
            throw new IllegalArgumentException("service " + name + " has "
                    + (ports.isEmpty() ? "no port" : "the ports " + ports + "; say which one is meant"));
        }
        return ports.get(0);
    }

    @Override
    public String toString() {
        return name;
    }
}
