package dev.firedrill;

import dev.firedrill.internal.NetworkEngine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All links of one {@link Ground}. A link is open as long as its service is. Safe for concurrent use. */
final class Links implements AutoCloseable {

    private final List<Link> all = new ArrayList<>();
    private final Set<Service> opened = new HashSet<>();
    private final NetworkEngine network;
    private boolean closed;

    Links(NetworkEngine network) {
        this.network = network;
    }

    /** The link from a caller on this machine; made if there is none yet. */
    Link link(String caller, Node node, int port) {
        return link(caller, node, port, false, null);
    }

    /** The link from a caller; made if there is none yet. */
    synchronized Link link(String caller, Node node, int port, boolean betweenContainers, @Nullable Service callers) {
        Service service = node.service();
        if (caller.isBlank()) {
            throw new IllegalArgumentException(
                    "link to " + service.name() + ": the caller's name is blank; say who calls");
        }
        service.checkPort(port);
        for (Link link : all) {
            if (link.node() == node && link.port() == port && link.caller().equals(caller)) {
                return link;
            }
        }
        if (closed) {
            throw new IllegalStateException("link to " + service.name() + ": this Chaos is closed");
        }
        Link link = new Link(caller, node, port, betweenContainers, callers);
        if (opened.contains(service)) {
            open(link);
        }
        all.add(link);
        return link;
    }

    synchronized void open(Service service) {
        if (closed) {
            throw new IllegalStateException("service " + service.name() + ": this Chaos is closed");
        }
        opened.add(service);
        into(service).forEach(this::open);
    }

    private void open(Link link) {
        Node node = link.node();
        link.opened(network.open(link, () -> node.endpoint(link.port())));
        node.linked(link);
    }

    /** Those that are called, whether they have been started or not. */
    synchronized Set<Service> services() {
        return all.stream().map(link -> link.node().service()).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    synchronized List<Link> into(Service service) {
        return all.stream().filter(link -> link.node().service() == service).toList();
    }

    synchronized void close(Service service) {
        opened.remove(service);
        Closing closing = new Closing();
        for (Link link : into(service)) {
            all.remove(link);
            closing.attempt(link::close);
        }
        closing.throwIfAny();
    }

    @Override
    public synchronized void close() {
        closed = true;
        Closing closing = new Closing();
        all.forEach(link -> closing.attempt(link::close));
        all.clear();
        opened.clear();
        closing.throwIfAny();
    }
}
