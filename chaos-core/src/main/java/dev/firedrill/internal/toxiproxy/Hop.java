package dev.firedrill.internal.toxiproxy;

import dev.firedrill.ChaosException;
import dev.firedrill.Step;
import dev.firedrill.fault.Fault;
import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.model.Toxic;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One proxy of a Toxiproxy, on the way of one link. Safe for concurrent use. */
final class Hop {

    private final Api api;
    private final String name;
    private final String listen;
    private final Supplier<String> upstream;
    private final Function<Integer, InetSocketAddress> reached;
    private @Nullable Proxy proxy;
    private final Map<String, Step> inForce = new LinkedHashMap<>(); // by the toxic's name
    private String leadsTo = "";
    private @Nullable Boolean enabled = true; // null: nobody knows, for a call failed

    /**
     * Not made yet.
     *
     * @param listen where it is to listen, such as {@code 0.0.0.0:0}
     * @param upstream where it is to lead, asked anew for each connection
     * @param reached where a port that it listens on is reached from here
     */
    Hop(Api api, String name, String listen, Supplier<String> upstream, Function<Integer, InetSocketAddress> reached) {
        this.api = api;
        this.name = name;
        this.listen = listen;
        this.upstream = upstream;
        this.reached = reached;
    }

    String name() {
        return name;
    }

    Api api() {
        return api;
    }

    /** Where it is reached; made, or led to where the node is now, if need be. */
    synchronized InetSocketAddress address() {
        return reached.apply(port(make().getListen()));
    }

    synchronized Proxy make() {
        String wanted = upstream.get();
        Proxy known = proxy;
        if (known == null) {
            known = api.call("make the proxy " + name, client -> {
                Proxy other = client.getProxyOrNull(name);
                if (other != null) {
                    throw new IOException("it has one of that name already, which leads to "
                            + other.getUpstream() + " and not to " + wanted
                            + "; delete that one, or give the service another name");
                }
                return client.createProxy(name, listen, wanted);
            });
            proxy = known;
            leadsTo = wanted;
        } else if (!leadsTo.equals(wanted)) {
            Proxy present = known;
            leadsTo = "";
            api.call("lead the proxy " + name + " to " + wanted, client -> {
                present.setUpstream(wanted);
                return present;
            });
            leadsTo = wanted;
        }
        return known;
    }

    private int port(String listening) {
        try {
            return Integer.parseInt(listening.substring(listening.lastIndexOf(':') + 1));
        } catch (NumberFormatException e) {
            throw new ChaosException("the Toxiproxy at " + api.name() + " listens on \"" + listening + "\"", e);
        }
    }

    /** Lets callers in, or turns them away and cuts off those who are in. */
    synchronized void enable(boolean wanted) {
        Proxy known = proxy;
        if (known == null || Boolean.valueOf(wanted).equals(enabled)) {
            return;
        }
        enabled = null;
        api.call((wanted ? "enable" : "disable") + " the proxy " + name, client -> {
            if (wanted) {
                known.enable();
            } else {
                known.disable();
            }
            return known;
        });
        enabled = wanted;
    }

    /** What is in force, in the order in which it began; twice if it acts both ways. */
    synchronized List<Step> inForce() {
        return List.copyOf(inForce.values());
    }

    synchronized List<Toxic> add(String toxic, Step step) {
        Fault fault = step.fault();
        Proxy known = make();
        try {
            List<Toxic> added =
                    api.call("add " + toxic + " to the proxy " + name, client -> Toxics.add(known, toxic, fault));
            added.forEach(each -> inForce.put(each.getName(), step));
            return added;
        } catch (RuntimeException e) {
            takeBack(known, toxic, fault, e);
            throw e;
        }
    }

    /** What took too long may have been done all the same. */
    private void takeBack(Proxy known, String toxic, Fault fault, RuntimeException trouble) {
        try {
            api.call("take " + toxic + " from the proxy " + name, client -> {
                Toxics.remove(known, toxic, fault);
                return known;
            });
        } catch (RuntimeException e) {
            trouble.addSuppressed(e);
        }
    }

    void remove(Toxic toxic) {
        api.call("take " + toxic.getName() + " from the proxy " + name, client -> {
            toxic.remove();
            return toxic;
        });
        forget(toxic.getName());
    }

    private synchronized void forget(String toxic) {
        inForce.remove(toxic);
    }

    synchronized void delete() {
        Proxy known = proxy;
        if (known != null) {
            proxy = null;
            api.call("delete the proxy " + name, client -> {
                known.delete();
                return known;
            });
        }
    }

    /** A Toxiproxy puts names into paths as they are. */
    static String plain(String name) {
        return name.replace("->", "-").replaceAll("[^A-Za-z0-9_.-]+", "-");
    }
}
