package dev.firedrill.internal.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.firedrill.internal.proxy.TcpProxies;
import dev.firedrill.schedule.Chance;
import dev.firedrill.spi.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All proxies by name. Not safe for concurrent use: one request is served at a time. */
final class Proxies implements AutoCloseable {

    private static final int MAX_PROXIES = 1_024;

    /** Names come back in paths and logs. */
    private static final int MAX_NAME = 512;

    private final TcpProxies tcp;
    private final SortedMap<String, ProxyState> byName = new TreeMap<>();

    Proxies(TimeSource time, Chance chance) {
        this.tcp = new TcpProxies(time, chance);
    }

    /**
     * What populating has come to.
     *
     * @param proxies those that stand
     * @param failed why it went no further
     * @param at the number of the proxy at which it failed; 0 if that is none
     * @param name of that proxy, if it has one
     */
    record Populated(
            @Nullable List<ProxyState> proxies, @Nullable ApiException failed, int at, String name) {

        /** It failed before any proxy was looked at. */
        static Populated unread(ApiException failed) {
            return new Populated(null, failed, 0, "");
        }
    }

    static void checkName(String what, String name) {
        if (name.length() > MAX_NAME) {
            throw ApiException.badBody(
                    "the name of the " + what + " has " + name.length() + " characters; allowed are " + MAX_NAME);
        }
    }

    ProxyState get(String name) {
        ProxyState found = byName.get(name);
        if (found == null) {
            throw ApiException.noProxy();
        }
        return found;
    }

    ProxyState create(Input input) {
        ProxyState proxy = read(input, "");
        if (byName.containsKey(proxy.name())) {
            throw ApiException.proxyExists();
        }
        add(proxy, input.flag("enabled", true));
        return proxy;
    }

    private ProxyState read(Input input, String where) {
        String name = input.text("name", "");
        String upstream = input.text("upstream", "");
        if (name.isEmpty()) {
            throw ApiException.missing("name" + where);
        }
        checkName("proxy", name);
        if (upstream.isEmpty()) {
            throw ApiException.missing("upstream" + where);
        }
        input.flag("enabled", true);
        return new ProxyState(tcp, name, input.text("listen", ""), upstream);
    }

    private void add(ProxyState proxy, boolean enabled) {
        if (byName.size() >= MAX_PROXIES) {
            throw ApiException.tooMany("proxies", MAX_PROXIES);
        }
        if (enabled) {
            proxy.start();
        }
        byName.put(proxy.name(), proxy);
    }

    void delete(String name) {
        get(name).stop();
        byName.remove(name);
    }

    /** Reads everything before it makes anything; then stops at the first that can't be made, and leaves what stands. */
    Populated populate(JsonNode list) {
        if (!list.isArray() && !list.isNull()) {
            return Populated.unread(ApiException.badBody("a list of proxies is expected"));
        }
        int at = 0;
        List<ProxyState> stand = new ArrayList<>();
        try {
            for (JsonNode each : list) {
                at++;
                read(Input.of(each), " at proxy " + at);
            }
            at = 0;
            for (JsonNode each : list) {
                at++;
                stand.add(addOrReplace(Input.of(each)));
            }
        } catch (ApiException e) {
            return new Populated(
                    nullIfEmpty(stand), e, at, list.path(at - 1).path("name").asText(""));
        }
        return new Populated(nullIfEmpty(stand), null, 0, "");
    }

    private static @Nullable List<ProxyState> nullIfEmpty(List<ProxyState> list) {
        return list.isEmpty() ? null : list;
    }

    private ProxyState addOrReplace(Input input) {
        ProxyState proxy = read(input, "");
        ProxyState old = byName.get(proxy.name());
        if (old != null && old.leads(input.text("listen", ""), input.text("upstream", ""))) {
            return old;
        }
        if (old != null) {
            delete(old.name());
        }
        add(proxy, input.flag("enabled", true));
        return proxy;
    }

    /** Every proxy enabled, no toxic left. */
    void reset() {
        for (ProxyState proxy : byName.values()) {
            proxy.start();
            proxy.removeAll();
        }
    }

    ObjectNode json() {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        byName.forEach((name, proxy) -> all.set(name, proxy.json()));
        return all;
    }

    static JsonNode json(@Nullable List<ProxyState> proxies) {
        if (proxies == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        proxies.forEach(proxy -> all.add(proxy.json()));
        return all;
    }

    @Override
    public void close() {
        try {
            byName.values().forEach(ProxyState::stop);
        } finally {
            tcp.close();
        }
    }
}
