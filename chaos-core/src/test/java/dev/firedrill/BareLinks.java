package dev.firedrill;

import dev.firedrill.internal.NetworkEngine;
import dev.firedrill.internal.SystemTime;
import java.util.List;

/** Links without a Chaos around them, for tests of an engine. They are not open: the test opens them on the engine. */
public final class BareLinks {

    private BareLinks() {}

    /** The link from a caller to a service of one node and one port, named {@code caller->service}. */
    public static Link link(NetworkEngine engine, String caller, String service) {
        Upstream nowhere = Upstream.at("127.0.0.1", 1);
        Links links = new Links(engine);
        Service declared = new Service(
                service,
                nowhere.ports(),
                links,
                new Ways(links, null, null),
                List.of((owner, index) -> Node.foreign(owner, index, SystemTime.CLOCK, nowhere, false)));
        return declared.nodes().get(0).link(caller, 1);
    }

    /** Says that a probe looks from now on, or no more. */
    public static void look(Link link, boolean begins) {
        link.looking(begins ? 1 : -1);
    }
}
