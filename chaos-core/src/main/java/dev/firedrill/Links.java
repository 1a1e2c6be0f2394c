package dev.firedrill;

import dev.firedrill.spi.Front;
import dev.firedrill.spi.NetworkEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** All open links of one {@link Chaos}. Safe for concurrent use. */
final class Links implements AutoCloseable {

    private final List<Link> open = new ArrayList<>();
    private final Supplier<NetworkEngine> network;
    private boolean closed;

    Links(Supplier<NetworkEngine> network) {
        this.network = network;
    }

    synchronized Link link(String caller, Node node, int port) {
        if (caller.isBlank()) {
            throw new IllegalArgumentException(
                    "link to " + node.name() + ": the caller's name is blank; say who calls");
        }
        if (!node.service().ports().contains(port)) {
            throw new IllegalArgumentException("service " + node.service().name() + " has no port " + port
                    + "; its ports are " + node.service().ports());
        }
        for (Link link : open) {
            if (link.node() == node && link.port() == port && link.caller().equals(caller)) {
                return link;
            }
        }
        if (closed) {
            throw new IllegalStateException("link to " + node.name() + ": this Chaos is closed");
        }
        Link link = new Link(caller, node, port);
        link.opened(network.get().open(link, () -> node.endpoint(port)));
        open.add(link);
        node.linked(link);
        return link;
    }

    synchronized List<Link> into(Service service) {
        return open.stream().filter(link -> link.node().service() == service).toList();
    }

    synchronized List<Link> into(Node node) {
        return open.stream().filter(link -> link.node() == node).toList();
    }

    synchronized void close(Service service) {
        for (Link link : into(service)) {
            link.front().close();
            open.remove(link);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        open.stream().map(Link::front).forEach(Front::close);
        open.clear();
    }
}
