package dev.firedrill.internal;

import dev.firedrill.Link;
import dev.firedrill.Step;
import dev.firedrill.spi.Engine;
import dev.firedrill.spi.Neighbour;
import dev.firedrill.spi.Resolved;
import dev.firedrill.spi.Support;
import java.net.InetSocketAddress;
import java.util.List;
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

    /**
     * Says whether this engine can make a step, of which chance and order may demand more than the fault alone.
     *
     * @param step the step
     * @param target what the target selects now
     * @param neighbours the other steps of its experiment
     * @return yes, or no with the reason and what would do it; the reason is empty if another network engine is to be asked
     */
    default Support supports(Step step, Resolved target, List<Neighbour> neighbours) {
        return supports(step.fault(), target);
    }
}
