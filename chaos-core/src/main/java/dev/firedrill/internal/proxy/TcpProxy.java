package dev.firedrill.internal.proxy;

import dev.firedrill.schedule.Chance;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** One proxy, which listens once. Control never waits for a peer. Not safe for concurrent use. */
public final class TcpProxy implements AutoCloseable {

    private final LinkFront front;
    private final IoThread io;
    private final Chance chance;
    private final Map<String, ToxicFault> toxics = new HashMap<>();

    TcpProxy(LinkFront front, IoThread io, Chance chance) {
        this.front = front;
        this.io = io;
        this.chance = chance;
    }

    /**
     * Begins to listen, with all toxics in force that have been put on it.
     *
     * @param at where; port 0 for one that the kernel chooses
     * @throws dev.firedrill.ChaosException if the address can't be had; the cause says why
     */
    public void listen(InetSocketAddress at) {
        front.listen(at);
    }

    /**
     * Where it listens.
     *
     * @return the address with the real port
     */
    public InetSocketAddress address() {
        return front.address();
    }

    /**
     * Puts a toxic in force on all connections, open ones too. One of the same name and stream is replaced: what it holds goes on
     * through the new one, and what it has counted counts on; which candidates are hit is counted anew only if that
     * is what changes.
     *
     * @param toxic the toxic
     * @param order the number of its creation, at least 1; in each direction those with a lower one are passed before
     */
    public void put(Toxic toxic, int order) {
        io.run("put " + toxic.name() + " on " + front.name(), () -> {
            ToxicFault old = toxics.get(toxic.name());
            ToxicFault fresh = new ToxicFault(toxic, order, chance, old);
            toxics.put(toxic.name(), fresh);
            if (old == null) {
                front.inject(fresh);
            } else {
                front.replace(old, fresh);
            }
        });
    }

    /**
     * Takes a toxic away; what it holds is passed on in order.
     *
     * @param name its name
     */
    public void remove(String name) {
        io.run("remove " + name + " from " + front.name(), () -> {
            ToxicFault old = toxics.remove(name);
            if (old != null) {
                front.heal(old);
            }
        });
    }

    /** Stops listening and closes every connection. When it returns, the port takes no caller any more. */
    @Override
    public void close() {
        front.close();
    }
}
