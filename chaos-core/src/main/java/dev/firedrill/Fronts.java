package dev.firedrill;

import dev.firedrill.internal.Front.Sight;
import dev.firedrill.spi.Effects;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What callers see of one node: the open links into it. Safe for concurrent use.
 *
 * <p>Its lock is its own, apart from that of the node: links are opened while a node starts or stops, which may take seconds,
 * and a node that starts opens links to others. A front between containers calls a Toxiproxy, for ten seconds at most.
 */
final class Fronts {

    private final List<Link> links = new CopyOnWriteArrayList<>();
    private Sight sight = Sight.UP;
    private Effects effects = Effects.NONE;

    synchronized void add(Link link) {
        links.add(link);
        link.front().show(sight, effects);
    }

    synchronized void show(Sight next, Effects counted) {
        sight = next;
        effects = counted;
        RuntimeException trouble = null;
        for (Link link : links) {
            try {
                link.front().show(next, counted);
            } catch (RuntimeException e) {
                trouble = e; // the others have to be told all the same
            }
        }
        if (trouble != null) {
            throw trouble;
        }
    }

    List<Link> links() {
        return List.copyOf(links);
    }
}
