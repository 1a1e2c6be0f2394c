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
    private final Map<Link, Long> turnedAwayBefore = new HashMap<>();

    Traffics(List<Service> services) {
        this.services = services;
    }

    void begin() {
        services.forEach(service -> service.links().forEach(link -> {
            before.put(link, link.traffic());
            turnedAwayBefore.put(link, link.turnedAway());
        }));
    }

    /** What has gone wrong with callers by no fault, a sentence for each link. */
    List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        for (Service service : services) {
            for (Link link : service.links()) {
                long turnedAway = link.turnedAway() - turnedAwayBefore.getOrDefault(link, 0L);
                if (turnedAway > 0) {
                    troubles.add(turnedAway + " connections on " + link.name()
                            + " were reset by no fault, but because the link takes no"
                            + " more at a time; does the system forget to close its connections?");
                }
            }
        }
        return troubles;
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
