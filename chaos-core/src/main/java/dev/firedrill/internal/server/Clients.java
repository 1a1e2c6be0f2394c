package dev.firedrill.internal.server;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is connected, within a bound. Who only keeps a connection for later makes room, so that it never keeps out the one that
 * heals. Confined to the thread that reads.
 *
 * <pre>
 *   new -- admit --> resting -- works --> at work: a request has begun, or is not answered yet
 *                       ^                    |
 *                       +------ rests -------+
 * </pre>
 */
final class Clients {

    private static final Logger LOG = LoggerFactory.getLogger("dev.firedrill.server");

    private final int most;
    private final ChannelGroup all;
    private final Set<Channel> resting = new LinkedHashSet<>(); // the first has rested longest
    private boolean told;

    Clients(int most, ChannelGroup all) {
        this.most = most;
        this.all = all;
    }

    /** Says whether a new client may stay. */
    boolean admit(Channel client) {
        if (all.size() < most) {
            told = false;
        } else if (!makeRoom()) {
            return false;
        }
        all.add(client);
        rests(client);
        client.closeFuture().addListener(closed -> resting.remove(client));
        return true;
    }

    private boolean makeRoom() {
        boolean may = !resting.isEmpty();
        if (!told) {
            told = true; // once until there is room again, for a flood of clients is to be no flood of lines
            LOG.warn(
                    "{} clients are connected, which is all that this server takes: {}; let clients close what they"
                            + " don't need",
                    most,
                    may
                            ? "each new one takes the place of the one that has been idle longest"
                            : "as none is idle, new ones are turned away");
        }
        if (may) {
            close(resting.iterator().next());
        }
        return may;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for it
    private void close(Channel client) {
        resting.remove(client); // now, for its end may be told later than the next client comes
        client.close();
    }

    void works(Channel client) {
        resting.remove(client);
    }

    void rests(Channel client) {
        resting.remove(client);
        if (client.isOpen()) {
            resting.add(client);
        }
    }
}
