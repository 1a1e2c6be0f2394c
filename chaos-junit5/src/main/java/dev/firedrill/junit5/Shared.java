package dev.firedrill.junit5;

import dev.firedrill.Chaos;
import dev.firedrill.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;

/**
 * One Chaos for all test classes of a run. Each owner of services, a class or an extension that was built by hand, declares
 * them once, in a scope in which it sees those that it inherits. Safe for concurrent use.
 */
@SuppressWarnings("deprecation") // the oldest JUnit served closes nothing else, the newest deprecates it
final class Shared implements CloseableResource {

    private final Chaos chaos;
    private final Map<Object, Map<String, Service>> owned = new HashMap<>();

    Shared(Chaos chaos) {
        this.chaos = chaos;
    }

    /** A scope that sees all services of a test class; none of them has been started yet. */
    synchronized Chaos scope(TestClass type) {
        List<Service> visible = new ArrayList<>();
        for (ServiceDeclaration each : type.services()) {
            visible.add(services(each.owner()).get(each.name()));
        }
        return chaos.scope(visible);
    }

    private Map<String, Service> services(Object owner) {
        Map<String, Service> known = owned.get(owner);
        if (known != null) {
            return known;
        }
        List<ServiceDeclaration> declarations = owner instanceof FiredrillExtension extension
                ? extension.services()
                : TestClass.of((Class<?>) owner).services();
        List<Service> inherited = new ArrayList<>();
        for (ServiceDeclaration each : declarations) {
            if (!each.owner().equals(owner)) {
                inherited.add(services(each.owner()).get(each.name()));
            }
        }
        Chaos scope = chaos.scope(inherited);
        Map<String, Service> services = new LinkedHashMap<>();
        try {
            for (ServiceDeclaration each : declarations) {
                if (each.owner().equals(owner)) {
                    services.put(each.name(), each.declareIn(scope));
                }
            }
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
        owned.put(owner, services);
        return services;
    }

    @Override
    public void close() {
        chaos.close();
    }
}
