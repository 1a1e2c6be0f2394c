package dev.firedrill.internal.proxy;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who is let in to a link, and when: some are turned away, others wait. Confined to the io thread. */
final class Admission {

    private final LinkFront front;
    private final Map<Connection, Wait> waiting = new LinkedHashMap<>();

    Admission(LinkFront front) {
        this.front = front;
    }

    /** What a connection waits for; {@code met} are the faults that it has waited for, this one among them. */
    private record Wait(LinkFault fault, Set<LinkFault> met, long since, Deadlines.Wake wake) {}

    void admit(Connection connection) {
        for (LinkFault fault : front.faults()) {
            if (fault.refuses(connection)) {
                fault.touched(connection);
                connection.reset();
                return;
            }
        }
        goOn(connection, new HashSet<>());
    }

    private void goOn(Connection connection, Set<LinkFault> met) {
        for (LinkFault fault : front.faults()) {
            long delay = fault.keepsWaiting(connection);
            if (delay > 0 && met.add(fault)) {
                fault.touched(connection);
                Deadlines deadlines = front.deadlines();
                long since = deadlines.now();
                Deadlines.Wake wake = deadlines.at(since + delay, () -> goOn(connection));
                waiting.put(connection, new Wait(fault, met, since, wake));
                return;
            }
        }
        front.dial(connection);
    }

    private void goOn(Connection connection) {
        Wait wait = waiting.remove(connection);
        if (wait != null) {
            goOn(connection, wait.met);
        }
    }

    /** The fault is in force no more: nobody waits for it any longer. */
    void heal(LinkFault fault) {
        for (Connection connection : List.copyOf(waiting.keySet())) {
            Wait wait = waiting.get(connection);
            if (wait != null && wait.fault.equals(fault)) {
                front.deadlines().cancel(wait.wake);
                goOn(connection);
            }
        }
    }

    /** Whoever waits for the one waits for the other instead, and what has been waited counts. */
    void replace(LinkFault old, LinkFault fresh) {
        for (Connection connection : List.copyOf(waiting.keySet())) {
            Wait wait = waiting.get(connection);
            if (wait != null && wait.fault.equals(old)) {
                front.deadlines().cancel(wait.wake);
                wait.met.add(fresh);
                long due = wait.since + Math.max(0, fresh.keepsWaiting(connection));
                Deadlines.Wake wake = front.deadlines().at(due, () -> goOn(connection));
                waiting.put(connection, new Wait(fresh, wait.met, wait.since, wake));
            }
        }
    }

    void forget(Connection connection) {
        Wait wait = waiting.remove(connection);
        if (wait != null) {
            front.deadlines().cancel(wait.wake);
        }
    }
}
