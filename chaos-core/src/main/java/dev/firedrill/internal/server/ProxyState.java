package dev.firedrill.internal.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firedrill.ChaosException;
import dev.firedrill.internal.proxy.TcpProxies;
import dev.firedrill.internal.proxy.TcpProxy;
import dev.firedrill.internal.proxy.Toxic;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A proxy as a client knows it: it has a name, toxics and addresses even while it is disabled. Not safe for concurrent use.
 *
 * <pre>
 *   disabled: no listener, no connection  -- start --&gt;  enabled: listens, toxics in force
 *             ^                                             |
 *             +-------------------- stop ------------------+
 * </pre>
 */
final class ProxyState {

    private static final int MAX_TOXICS = 256;

    private final TcpProxies proxies;
    private final String name;
    private String listen;
    private String upstream;
    private final List<ToxicState> toxics = new ArrayList<>();
    private int created;
    private @Nullable TcpProxy open;

    ProxyState(TcpProxies proxies, String name, String listen, String upstream) {
        this.proxies = proxies;
        this.name = name;
        this.listen = listen;
        this.upstream = upstream;
    }

    String name() {
        return name;
    }

    boolean isEnabled() {
        return open != null;
    }

    /** Says whether it stands where another one is to stand. */
    boolean leads(String from, String to) {
        return upstream.equals(to) && listen.equals(resolved(from));
    }

    private static String resolved(String address) {
        try {
            return Endpoint.text(Endpoint.listen(address));
        } catch (IllegalArgumentException e) {
            throw ApiException.failed(String.valueOf(e.getMessage()));
        }
    }

    void start() {
        if (open != null) {
            return;
        }
        InetSocketAddress at;
        try {
            at = Endpoint.listen(listen);
        } catch (IllegalArgumentException e) {
            throw ApiException.failed("listen tcp: " + e.getMessage());
        }
        String to = upstream;
        TcpProxy started = proxies.proxy(name, () -> Endpoint.upstream(to));
        for (ToxicState toxic : toxics) {
            started.put(toxic.toxic(), toxic.order());
        }
        try {
            started.listen(at);
        } catch (ChaosException e) {
            started.close();
            throw ApiException.failed("listen tcp " + Endpoint.text(at) + ": bind: " + why(e));
        }
        listen = Endpoint.text(started.address());
        open = started;
    }

    /** In the words of the operating system, which stand last whoever was asked: by the JDK or by epoll. */
    private static String why(ChaosException e) {
        String words = String.valueOf(
                e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
        return words.substring(words.lastIndexOf(": ") + 1)
                .strip()
                .replaceFirst(" \\(.*", "")
                .toLowerCase(Locale.ROOT);
    }

    void stop() {
        if (open != null) {
            open.close();
            open = null;
        }
    }

    /** A changed address takes the connections with it. */
    void change(Input input) {
        String from = input.text("listen", listen);
        String to = input.text("upstream", upstream);
        boolean enabled = input.flag("enabled", isEnabled());
        if (!leads(from, to)) {
            stop();
            listen = from;
            upstream = to;
        }
        if (enabled) {
            start();
        } else {
            stop();
        }
    }

    // ---- toxics

    ToxicState add(Input input) {
        ToxicState toxic = ToxicState.create(input, created + 1);
        Proxies.checkName("toxic", toxic.name());
        if (find(toxic.name()) != null) {
            throw ApiException.toxicExists();
        }
        if (toxics.size() >= MAX_TOXICS) {
            throw ApiException.tooMany("toxics on one proxy", MAX_TOXICS);
        }
        put(toxic);
        created++;
        toxics.add(toxic);
        return toxic;
    }

    ToxicState change(String toxic, Input input) {
        ToxicState old = get(toxic);
        ToxicState changed = old.changed(input);
        put(changed);
        toxics.set(toxics.indexOf(old), changed);
        return changed;
    }

    private void put(ToxicState toxic) {
        Toxic made = toxic.toxic();
        if (open != null) {
            open.put(made, toxic.order());
        }
    }

    void remove(String toxic) {
        ToxicState old = get(toxic);
        if (open != null) {
            open.remove(old.name());
        }
        toxics.remove(old);
    }

    void removeAll() {
        for (ToxicState toxic : List.copyOf(toxics)) {
            remove(toxic.name());
        }
    }

    ToxicState get(String toxic) {
        ToxicState found = find(toxic);
        if (found == null) {
            throw ApiException.noToxic();
        }
        return found;
    }

    private @Nullable ToxicState find(String toxic) {
        return toxics.stream()
                .filter(each -> each.name().equals(toxic))
                .findFirst()
                .orElse(null);
    }

    // ---- as JSON

    ArrayNode toxicsJson() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        toxics.stream().filter(ToxicState::isUpstream).map(ToxicState::json).forEach(all::add);
        toxics.stream()
                .filter(toxic -> !toxic.isUpstream())
                .map(ToxicState::json)
                .forEach(all::add);
        return all;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name).put("listen", listen).put("upstream", upstream).put("enabled", isEnabled());
        json.set("toxics", toxicsJson());
        return json;
    }
}
