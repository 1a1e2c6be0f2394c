package dev.firedrill.internal;

import dev.firedrill.Link;
import dev.firedrill.spi.Engine;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * An engine that serves links.
 */
public interface NetworkEngine extends Engine {

    /**
     * Opens the listening end of a link on the loopback address.
     *
     * @param link the link; its address is not known yet
     * @param upstream asked anew for each connection
     * @return the front
     * @throws RuntimeException if no port can be had
     */
    Front open(Link link, Supplier<InetSocketAddress> upstream);
}
