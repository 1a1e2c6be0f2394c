package dev.firedrill;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * A name and its nodes. Made by {@link Chaos#service}; safe for concurrent use.
 *
 * @since 0.1
 */
public final class Service {

    private final String name;
    private final List<Integer> ports;
    private final List<Node> nodes;
    private final Links links;

    Service(String name, List<Integer> ports, Links links, List<BiFunction<Service, Integer, Node>> nodes) {
        this.name = name;
        this.ports = List.copyOf(ports);
        this.links = links;
        this.nodes = IntStream.range(0, nodes.size())
                .mapToObj(index -> nodes.get(index).apply(this, index))
                .toList();
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
     * The links into it that are open.
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
        return links.link(caller, nodes.get(0), port);
    }

    /**
     * A template filled in with the test's address.
     *
     * @param template such as <code>jdbc:postgresql://{host}:{port}/shop</code>; with several ports write
     *     <code>{port:5672}</code>
     * @return the text
     * @throws IllegalArgumentException if the template has no <code>{port}</code> or names an unknown one
     */
    public String fill(String template) {
        return Template.fill(template, this, Link.TEST);
    }

    /**
     * A template filled in with the probes' address: what goes over it feels the faults and never counts as load.
     *
     * @param template as for {@link #fill}
     * @return the text
     * @throws IllegalArgumentException if the template has no <code>{port}</code> or names an unknown one
     */
    public String fillForProbe(String template) {
        return Template.fill(template, this, Link.PROBE);
    }

    /**
     * Where the test connects to the service's only port.
     *
     * @return such as {@code tcp://127.0.0.1:40123}
     * @throws IllegalArgumentException if the service has no port, or several
     */
    public URI uri() {
        InetSocketAddress address = address();
        return URI.create("tcp://" + address.getHostString() + ":" + address.getPort());
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
