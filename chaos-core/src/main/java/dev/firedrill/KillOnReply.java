package dev.firedrill;

import dev.firedrill.fault.Kill;
import dev.firedrill.internal.proxy.EmbeddedProxy;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Effects;
import dev.firedrill.spi.Occurrence;
import dev.firedrill.spi.Resolved;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Kills each node whose reply is withheld, and starts it again. Safe for concurrent use. */
final class KillOnReply implements Effects, ActiveFault {

    private final Effects effects;
    private final Map<Node, CompletableFuture<Void>> kills = new LinkedHashMap<>(); // guarded by this
    private final Set<Node> killed = ConcurrentHashMap.newKeySet();
    private @Nullable ActiveFault withheld;
    private boolean healed;

    private KillOnReply(Effects effects) {
        this.effects = effects;
    }

    static ActiveFault begin(EmbeddedProxy links, Occurrence occurrence) {
        KillOnReply kill = new KillOnReply(occurrence.effects());
        // what a probe asks for over a link of its own must not end the node
        List<Link> ofCallers = occurrence.target().links().stream()
                .filter(link -> !link.isProbe())
                .toList();
        kill.withheld = links.withhold(occurrence.on(new Resolved(ofCallers, List.of()), kill));
        return kill;
    }

    /** A reply is withheld. Called on the thread that moves bytes, which must not wait for a death. */
    @Override
    public void touched(Link link, boolean ofTest) {
        synchronized (this) {
            if (!healed) {
                effects.touched(link, ofTest);
                kills.computeIfAbsent(
                        link.node(), node -> CompletableFuture.runAsync(() -> kill(node), KillOnReply::run));
            }
        }
    }

    private static void run(Runnable task) {
        Thread thread = new Thread(task, "firedrill-kill");
        thread.setDaemon(true);
        thread.start();
    }

    /** One that has died meanwhile is the affair of whoever ended it. */
    private void kill(Node node) {
        if (node.state() != Node.State.DOWN) {
            killed.add(node);
            node.kill(Kill.Looks.RESET, effects);
        }
    }

    @Override
    public void touched(Node node) {
        effects.touched(node);
    }

    @Override
    public void unread(Link link, String what) {
        effects.unread(link, what);
    }

    @Override
    public void heal() {
        Map<Node, CompletableFuture<Void>> begun;
        synchronized (this) {
            if (healed) {
                return;
            }
            healed = true;
            begun = Map.copyOf(kills);
        }
        RuntimeException trouble = null;
        for (Map.Entry<Node, CompletableFuture<Void>> each : begun.entrySet()) {
            trouble = attempt(() -> each.getValue().join(), trouble);
        }
        ActiveFault onLinks = withheld;
        if (onLinks != null) {
            trouble = attempt(onLinks::heal, trouble);
        }
        for (Node node : killed) {
            trouble = attempt(() -> node.start(effects), trouble);
        }
        if (trouble != null) {
            throw trouble;
        }
    }

    private static @Nullable RuntimeException attempt(Runnable work, @Nullable RuntimeException before) {
        try {
            work.run();
            return before;
        } catch (RuntimeException e) {
            RuntimeException told =
                    e instanceof CompletionException && e.getCause() instanceof RuntimeException cause ? cause : e;
            if (before == null) {
                return told;
            }
            before.addSuppressed(told);
            return before;
        }
    }
}
