package dev.firedrill.internal.toxiproxy;

import dev.firedrill.Link;
import dev.firedrill.Step;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.spi.Neighbour;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether it shows which of two faults on a link stands in front of the other. */
final class Order {

    private Order() {}

    /**
     * Why toxics could not stand on a link as declared; null if they can.
     *
     * @param inForce what stands there now, which counts for what is injected by itself
     */
    static @Nullable String trouble(Step step, Link link, List<Neighbour> neighbours, List<Fault> inForce) {
        Fault fault = step.fault();
        Stream<Fault> others = neighbours.isEmpty()
                ? inForce.stream().filter(earlier -> touchesReplies(earlier) && touchesReplies(fault))
                : neighbours.stream()
                        .filter(each -> each.target().links().contains(link))
                        .map(each -> each.step().fault());
        return others.filter(other -> isOfMatter(fault, other))
                .findFirst()
                .map(other ->
                        "its toxics stand in the order in which they begin, for replies as for requests, so that it"
                                + " can't keep that of " + fault.kind() + " and " + other.kind() + " on " + link.name())
                .orElse(null);
    }

    private static boolean isOfMatter(Fault one, Fault other) {
        return !one.equals(other) && meet(one, other) && !(onlyHoldsBack(one) && onlyHoldsBack(other));
    }

    /** It delays or swallows whatever comes, and neither counts nor changes nor ends anything. */
    private static boolean onlyHoldsBack(Fault fault) {
        return fault instanceof Latency
                || fault instanceof Bandwidth
                || fault instanceof SlowClose
                || fault instanceof Blackhole;
    }

    private static boolean meet(Fault one, Fault other) {
        return (touchesReplies(one) && touchesReplies(other)) || (touchesRequests(one) && touchesRequests(other));
    }

    private static boolean touchesReplies(Fault fault) {
        Direction direction = Toxics.direction(fault);
        return direction == null || direction.coversDownstream();
    }

    private static boolean touchesRequests(Fault fault) {
        Direction direction = Toxics.direction(fault);
        return direction == null || direction.coversUpstream();
    }
}
