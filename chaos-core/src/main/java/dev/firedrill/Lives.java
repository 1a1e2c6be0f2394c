package dev.firedrill;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** The incarnations of one node. Changed by one thread at a time, read by any. */
final class Lives {

    private final List<Incarnation> all = new CopyOnWriteArrayList<>();

    List<Incarnation> list() {
        return List.copyOf(all);
    }

    /** The number of the current or last life; 0 before the first. */
    int number() {
        return all.size();
    }

    void begin(String id, Instant now) {
        all.add(new Incarnation(all.size() + 1, id, now, null, null, ""));
    }

    void ready(Instant now) {
        change(life -> new Incarnation(life.number(), life.id(), life.started(), now, null, ""));
    }

    /** Does nothing to a life that has ended already. */
    void end(Instant now, String ending) {
        change(life -> life.ended() != null
                ? life
                : new Incarnation(life.number(), life.id(), life.started(), life.ready(), now, ending));
    }

    private void change(UnaryOperator<Incarnation> change) {
        if (!all.isEmpty()) {
            int last = all.size() - 1;
            all.set(last, change.apply(all.get(last)));
        }
    }
}
