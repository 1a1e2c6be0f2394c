package dev.firedrill.internal.toxiproxy;

import dev.firedrill.Link;
import dev.firedrill.Step;
import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.schedule.DurationRange;
import dev.firedrill.schedule.Schedule;
import dev.firedrill.spi.Neighbour;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether toxics would stand as the faults are declared: from the caller to the service. Toxiproxy keeps them in the order in
 * which they begin, for replies as for requests, and behind the embedded proxy.
 */
final class Order {

    private Order() {}

    /**
     * Why a step of an experiment can't be a toxic beside the others; null if it can.
     *
     * @param byToxic says of another step whether it is one as well
     */
    static @Nullable String trouble(Step step, Link link, List<Neighbour> neighbours, Predicate<Step> byToxic) {
        return neighbours.stream()
                .filter(each -> each.target().links().contains(link))
                .map(Neighbour::step)
                .map(other -> trouble(step, other, link, byToxic.test(other)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String trouble(Step step, Step other, Link link, boolean bothToxics) {
        if (isOverBefore(step.schedule(), other.schedule()) || isOverBefore(other.schedule(), step.schedule())) {
            return null;
        }
        Step first = step.place() < other.place() ? step : other;
        Step second = first.equals(step) ? other : step;
        boolean inOrder = bothToxics && beginsAndStays(first) && beginsAndStays(second);
        boolean kept = inOrder ? isKept(first.fault(), second.fault()) : isOfNoMatter(first.fault(), second.fault());
        return kept ? null : reason(first.fault(), second.fault(), link);
    }

    /** Whether one is always healed before another begins: what is due is done one by one, and a heal before a beginning. */
    private static boolean isOverBefore(Schedule one, Schedule other) {
        DurationRange lasting = one.lasting();
        if (lasting == null || !Objects.equals(one.on(), other.on())) {
            return false; // until the body has ended, or from another moment
        }
        Duration period = one.every() == null ? Duration.ZERO : one.every();
        Duration over =
                one.after().max().plus(period.multipliedBy(one.times() - 1L)).plus(lasting.max());
        return over.compareTo(other.after().min()) <= 0;
    }

    /** Such steps begin in the order of their declaration. */
    private static boolean beginsAndStays(Step step) {
        Schedule schedule = step.schedule();
        return schedule.beforeBody() && schedule.times() == 1;
    }

    /**
     * What is in force on a link and would stand on the wrong side of a toxic that is made by hand; null if there is no such
     * thing.
     */
    static @Nullable Fault wrongSide(Fault fresh, List<Step> inForce) {
        return inForce.stream()
                .filter(old -> old.place() == 0 ? !isKept(old.fault(), fresh) : !isOfNoMatter(old.fault(), fresh))
                .map(Step::fault)
                .findFirst()
                .orElse(null);
    }

    /** As above, if it is the embedded proxy that makes it: what is made by hand stands in front of an experiment's steps. */
    static @Nullable Fault wrongSideOfEmbedded(Fault fresh, List<Step> inForce) {
        return inForce.stream()
                .filter(old -> old.place() == 0 && !isOfNoMatter(old.fault(), fresh))
                .map(Step::fault)
                .findFirst()
                .orElse(null);
    }

    static String reason(Fault first, Fault second, Link link) {
        if (isTimed(first) && isTimed(second)) {
            return "its latency counts what its bandwidth has taken, so that they don't add up on " + link.name()
                    + " unless latency stands first and both begin before the body";
        }
        return "its toxics stand in the order in which they begin, for replies as for requests, so that it can't keep that of "
                + first.kind() + " and " + second.kind() + " on " + link.name();
    }

    private static boolean isTimed(Fault fault) {
        return fault instanceof Latency || fault instanceof Bandwidth;
    }

    /** Whether nothing on the wire tells one order from the other. */
    private static boolean isOfNoMatter(Fault one, Fault other) {
        return one.equals(other) || !meet(one, other) || (addUp(one, other) && addUp(other, one));
    }

    /** Whether toxics do the same as ours that are declared in the order in which they are added. */
    private static boolean isKept(Fault earlier, Fault later) {
        return isOfNoMatter(earlier, later)
                || addUp(earlier, later)
                || (meetInRequestsOnly(earlier, later) && !countsTwice(earlier, later));
    }

    private static boolean meetInRequestsOnly(Fault one, Fault other) {
        if (endsConnections(one) || endsConnections(other)) {
            return !touchesReplies(one) && !touchesReplies(other);
        }
        return !(touchesReplies(one) && touchesReplies(other));
    }

    private static boolean addUp(Fault earlier, Fault later) {
        return onlyHoldsBack(earlier) && onlyHoldsBack(later) && !countsTwice(earlier, later);
    }

    private static boolean onlyHoldsBack(Fault fault) {
        return isTimed(fault) || fault instanceof SlowClose;
    }

    private static boolean countsTwice(Fault earlier, Fault later) {
        return earlier instanceof Bandwidth && later instanceof Latency;
    }

    private static boolean meet(Fault one, Fault other) {
        if (isBeforeBytes(one) || isBeforeBytes(other)) {
            return false;
        }
        return endsConnections(one)
                || endsConnections(other)
                || (touchesReplies(one) && touchesReplies(other))
                || (touchesRequests(one) && touchesRequests(other));
    }

    private static boolean isBeforeBytes(Fault fault) {
        return fault instanceof Refuse || fault instanceof SlowConnect;
    }

    /** Whatever is held in either direction is lost by that. */
    private static boolean endsConnections(Fault fault) {
        return fault instanceof LimitData
                || (fault instanceof Blackhole hole && !hole.timeout().isZero());
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
