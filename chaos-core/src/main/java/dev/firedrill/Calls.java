package dev.firedrill;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The links of a process to the services that its placeholders name, such as {@code redis} or {@code rabbit:15672}. */
final class Calls {

    private final String caller;
    private final Set<String> placeholders;
    private final Function<String, Service> services;

    Calls(String caller, LocalProcess process, Function<String, Service> services) {
        this.caller = caller;
        this.placeholders = process.calls();
        this.services = services;
    }

    private record Call(Service service, int port) {}

    void check() {
        placeholders.forEach(this::call);
    }

    private Call call(String placeholder) {
        String[] parts = placeholder.split(":", 2);
        Service service = services.apply(parts[0]);
        int port = parts.length == 1 ? service.onlyPort() : Integer.parseInt(parts[1]);
        service.checkPort(port);
        return new Call(service, port);
    }

    /** Opens the links that are not open yet. */
    Map<String, String> addresses() {
        Map<String, String> addresses = new LinkedHashMap<>();
        for (String placeholder : placeholders) {
            Call call = call(placeholder);
            InetSocketAddress address = call.service.link(caller, call.port).address();
            addresses.put(placeholder, address.getHostString() + ":" + address.getPort());
        }
        return addresses;
    }
}
