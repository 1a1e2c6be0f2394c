package dev.firedrill;

import dev.firedrill.Link.Traffic;
import dev.firedrill.Report.LinkOutcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What passes over the links of some services from {@link #begin} on. */
final class Traffics {

    private static final Traffic NONE = new Traffic(0, 0, 0);

    private final List<Service> services;
    private final Map<Link, Traffic> before = new HashMap<>();

    Traffics(List<Service> services) {
        this.services = services;
    }

    void begin() {
        services.forEach(service -> service.links().forEach(link -> before.put(link, link.traffic())));
    }

    List<LinkOutcome> now() {
        List<LinkOutcome> outcomes = new ArrayList<>();
        for (Service service : services) {
            for (Link link : service.links()) {
                if (link.isBetweenContainers()) {
                    continue; // not measured, which is not zero
                }
                Traffic then = before.getOrDefault(link, NONE);
                Traffic now = link.traffic();
                outcomes.add(new LinkOutcome(
                        link.name(),
                        link.address().getHostString() + ":" + link.address().getPort(),
                        now.connections() - then.connections(),
                        now.upstream() - then.upstream(),
                        now.downstream() - then.downstream()));
            }
        }
        return outcomes;
    }
}
