package dev.firedrill;

import dev.firedrill.internal.Front.Sight;
import dev.firedrill.spi.Effects;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What callers see of one node: the open links into it. Safe for concurrent use.
 *
 * <p>Its lock is its own and nothing is called that takes another: links are opened while a node starts or stops, which
 * may take seconds, and a node that starts opens links to others.
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
        links.forEach(link -> link.front().show(next, counted));
    }

    List<Link> links() {
        return List.copyOf(links);
    }
}
