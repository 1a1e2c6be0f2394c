package dev.firedrill.internal.proxy;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stages of the faults in force on one connection, as long as that is open. Confined to the io thread. */
final class Chain {

    /** Most connections meet none or one; there may be thousands of idle ones. */
    private static final int FEW = 1;

    private final Connection connection;
    private final IdentityHashMap<LinkFault, Kinds.Stages> stages = new IdentityHashMap<>(FEW);

    Chain(Connection connection) {
        this.connection = connection;
    }

    /** Both ends are there: all faults of the link get hold of the connection. */
    void begin() {
        List<LinkFault> inForce = connection.front().faults();
        inForce.forEach(fault -> stages.put(fault, fault.stages(connection)));
        arrange();
        inForce.forEach(this::begin);
    }

    void inject(LinkFault fault) {
        stages.put(fault, fault.stages(connection));
        arrange();
        begin(fault);
    }

    /** Unless one in front of it has ended the connection. */
    private void begin(LinkFault fault) {
        Kinds.Stages each = stages.get(fault);
        if (each != null && connection.isOpen()) {
            begin(each.upstream());
            begin(each.downstream());
        }
    }

    private static void begin(@Nullable Stage stage) {
        if (stage != null) {
            stage.begin();
        }
    }

    /** What the one holds goes on through the other. */
    void replace(LinkFault old, LinkFault fresh) {
        Kinds.Stages was = stages.remove(old);
        if (was == null) {
            return;
        }
        Kinds.Stages now = fresh.stages(connection);
        stages.put(fresh, now);
        arrange();
        handOver(was.upstream(), now.upstream());
        if (connection.isOpen()) {
            handOver(was.downstream(), now.downstream());
        } else if (was.downstream() != null) {
            was.downstream().drop();
        }
        if (connection.isOpen()) {
            connection.upstream().settle();
            connection.downstream().settle();
        } else {
            // what was handed over ended it, and the rest came behind that
            connection.upstream().discard();
            connection.downstream().discard();
        }
    }

    private static void handOver(@Nullable Stage from, @Nullable Stage to) {
        if (from != null && to != null) {
            from.leadsTo(to);
            to.inherit(from);
        }
        begin(to);
        release(from);
    }

    /** What its stages hold goes on before they go, so that nothing overtakes it. */
    void heal(LinkFault fault) {
        Kinds.Stages gone = stages.remove(fault);
        if (gone == null) {
            return;
        }
        if (fault.endsWhenHealed(connection)) {
            connection.finish();
            return;
        }
        release(gone.upstream());
        release(gone.downstream());
        if (connection.isOpen()) {
            arrange();
        }
    }

    private static void release(@Nullable Stage stage) {
        if (stage != null) {
            stage.release();
        }
    }

    /** The order of declaration leads from client to server. */
    private void arrange() {
        List<Stage> up = new ArrayList<>();
        List<Stage> down = new ArrayList<>();
        for (LinkFault fault : connection.front().faults()) {
            Kinds.Stages each = stages.get(fault);
            if (each != null && each.upstream() != null) {
                up.add(each.upstream());
            }
            if (each != null && each.downstream() != null) {
                down.add(0, each.downstream());
            }
        }
        connection.upstream().leadThrough(up);
        connection.downstream().leadThrough(down);
    }

    void clear() {
        stages.clear();
    }
}
