package dev.firedrill;

import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Corrupt;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.KillBeforeReply;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.MessageFault;
import dev.firedrill.fault.Messages;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.Reorder;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.schedule.DurationRange;
import dev.firedrill.schedule.Durations;
import dev.firedrill.schedule.Schedule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to do about a fault on links that had no effect although the test used its link. */
final class Advice {

    private Advice() {}

    /** Why a fault can't have an effect, whatever the test does; null if it can. */
    static @Nullable String inVain(Fault fault, Schedule schedule) {
        boolean idle = (fault instanceof Latency latency
                        && latency.delay().isZero()
                        && latency.jitter().isZero())
                || (fault instanceof SlowClose slow && slow.delay().isZero());
        if (idle) {
            return "a delay of 0ms does nothing; make it longer";
        }
        DurationRange lasting = schedule.lasting();
        return lasting != null && lasting.max().isZero()
                ? "what is lasting 0ms is met by nothing; lengthen lasting"
                : null;
    }

    /** What to do about a target that selects no link. */
    static String otherLink(Target target) {
        Target.Part part = target.parts().get(0);
        String caller = part.caller();
        boolean mayCall = caller != null
                && !caller.equals(part.service())
                && !List.of(Link.TEST, Link.PROBE, Link.CONTAINERS).contains(caller);
        return (mayCall
                        ? "let " + caller + " call " + part.service() + " by {" + part.service()
                                + "} in its command or environment, or "
                        : "")
                + "name the link that is meant: \"test->" + part.service() + "\" is the test's, \"" + part.service()
                + "\" all of them";
    }

    /** What would give the fault a cause to act. */
    static String of(Fault fault, List<String> unread) {
        if (fault instanceof MessageFault message) {
            return unread.isEmpty()
                    ? ofMessages(message)
                    : String.join("; ", unread) + ": " + ofUnread(String.join("; ", unread), message.messages());
        }
        if (fault instanceof Bandwidth) {
            return "let more pass at once than the rate allows, lower the rate";
        }
        if (fault instanceof Refuse || fault instanceof SlowConnect) {
            return "it acts on new connections only: let the body open one";
        }
        if (fault instanceof ResetPeer) {
            return "let the body use its connection for longer, reset sooner";
        }
        if (fault instanceof Slice) {
            return "let more pass at once than a piece holds, make the pieces smaller";
        }
        if (fault instanceof LimitData) {
            return "let more pass over one connection than the limit lets through, lower the limit";
        }
        if (fault instanceof SlowClose) {
            return "it acts on the end of a connection only: let the body or the service close one";
        }
        if (fault instanceof PacketLoss) {
            return "let more pass, raise the rate";
        }
        if (fault instanceof Disconnect) {
            return "let the body keep its connection for longer, close it sooner";
        }
        return "let the body do more through the address of its link";
    }

    /** The words are those of the stage that could not read it. */
    private static String ofUnread(String unread, Messages messages) {
        if (unread.contains("the pattern is too expensive")) {
            return "write a simpler pattern";
        }
        if (unread.contains("it is longer than ")) {
            return "let the body send shorter ones";
        }
        return messages.framing().isEmpty()
                ? "name the protocol by framing"
                : "name the framing that the service speaks";
    }

    private static String ofMessages(MessageFault fault) {
        Direction direction = fault.direction();
        String noun =
                direction == Direction.UPSTREAM ? "request" : direction == Direction.DOWNSTREAM ? "reply" : "message";
        String who = direction == Direction.UPSTREAM
                ? "let the body send "
                : direction == Direction.DOWNSTREAM ? "let the service send " : "let there be ";
        return "no " + noun + causes(fault, who) + other(fault) + prepared(fault.messages());
    }

    private static String causes(MessageFault fault, String who) {
        String described = fault.messages().described();
        boolean any = fault.messages().command().isEmpty()
                && fault.messages().pattern().isEmpty();
        if (fault instanceof Reorder reorder) {
            String within =
                    " within the patience of " + Durations.format(reorder.patience()) + ", on the same connection"
                            + (fault.direction() == Direction.UPSTREAM ? " and without waiting for the reply" : "");
            return any
                    ? " was overtaken: " + who + "the next one" + within
                    : " was meant by " + described + ", or none was overtaken: " + who + "one and the next" + within;
        }
        String changeable = fault instanceof Corrupt
                ? " that has something to change (a Redis command with only a key, SQL without parameters and an HTTP GET"
                        + " have nothing)"
                : "";
        return " was meant by " + described + changeable + ": " + who + "one";
    }

    /** A fault looks one way only, and the other one may have been meant. */
    private static String other(MessageFault fault) {
        if (fault instanceof KillBeforeReply || fault.direction() == Direction.BOTH) {
            return "";
        }
        return fault.direction() == Direction.UPSTREAM
                ? ", set direction = DOWNSTREAM if it is a reply"
                : ", set direction = UPSTREAM if it is a request";
    }

    private static String prepared(Messages messages) {
        boolean maybePostgresql =
                messages.framing().isEmpty() || messages.framing().equals("postgresql");
        return messages.pattern().isEmpty() || !maybePostgresql
                ? ""
                : "; on PostgreSQL a statement that was prepared before is executed by its name, without its SQL: select it"
                        + " by command = \"Bind\" or \"Execute\", or use a connection that is opened under the fault";
    }
}
