package dev.firedrill;

import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.KillBeforeReply;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Restart;
import dev.firedrill.fault.Stop;
import dev.firedrill.internal.container.ContainerUndo;
import dev.firedrill.internal.proxy.EmbeddedProxy;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Effects;
import dev.firedrill.spi.Engine;
import dev.firedrill.spi.Occurrence;
import dev.firedrill.spi.Prepared;
import dev.firedrill.spi.Resolved;
import dev.firedrill.spi.Support;
import dev.firedrill.spi.UndoRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Kills, stops, freezes and restarts the nodes that Firedrill started. */
final class NodeEngine implements Engine {

    static final String NAME = "node";

    private final Function<UndoRecord, String> undo;
    private final EmbeddedProxy links;

    NodeEngine(EmbeddedProxy links, Function<UndoRecord, String> undo) {
        this.links = links;
        this.undo = undo;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Support supports(Fault fault, Resolved target) {
        if (fault instanceof KillBeforeReply kill) {
            return supportsLinks(kill, target.links());
        }
        if (!(fault instanceof Kill || fault instanceof Stop || fault instanceof Pause || fault instanceof Restart)) {
            return Support.no("it makes kill, stop, pause, restart and kill-before-reply only");
        }
        for (Node node : target.nodes()) {
            if (node.isForeign()) {
                return Support.no(foreign(node, fault.kind()));
            }
        }
        return Support.YES;
    }

    private static String foreign(Node node, String what) {
        return node.name() + " is somebody else's server, which Firedrill did not start and will not " + what
                + "; declare it as a LocalProcess or a container, or use a link fault such as blackhole or reset-peer";
    }

    private static Support supportsLinks(KillBeforeReply kill, List<Link> links) {
        for (Link link : links) {
            if (link.node().isForeign()) {
                return Support.no(foreign(link.node(), "kill"));
            }
            if (link.isBetweenContainers()) {
                return Support.no("what containers say on " + link.name()
                        + " can't be read; put the fault on the test's own link (test->"
                        + link.node().service().name() + "), or use kill");
            }
        }
        String unread = EmbeddedProxy.unread(kill);
        return unread == null ? Support.YES : Support.no(unread);
    }

    @Override
    public Prepared prepare(Occurrence occurrence) {
        if (occurrence.step().fault() instanceof KillBeforeReply) {
            List<Node> nodes = occurrence.target().links().stream()
                    .map(Link::node)
                    .distinct()
                    .toList();
            return new Prepared() {
                @Override
                public UndoRecord undo() {
                    return undoOf(nodes);
                }

                @Override
                public ActiveFault activate() {
                    return KillOnReply.begin(links, occurrence);
                }
            };
        }
        return new PreparedNodes(occurrence.step().fault(), occurrence.target().nodes(), occurrence.effects());
    }

    @Override
    public String undo(UndoRecord record) {
        return undo.apply(record);
    }

    /** Of several nodes that are not ours to end: the same record, with all of them. */
    private static UndoRecord undoOf(List<Node> nodes) {
        List<UndoRecord> records = nodes.stream()
                .map(Node::undoOfFault)
                .filter(each -> !each.equals(UndoRecord.DIES_WITH_JVM))
                .toList();
        if (records.isEmpty()) {
            return UndoRecord.DIES_WITH_JVM;
        }
        return ContainerUndo.revive(
                records.stream().map(UndoRecord::what).collect(Collectors.joining(", ")),
                records.stream()
                        .map(each -> each.data().getOrDefault("ids", ""))
                        .toList());
    }

    private record PreparedNodes(Fault fault, List<Node> nodes, Effects effects) implements Prepared {

        @Override
        public UndoRecord undo() {
            // how to end one of ours is in the journal since before its start; a frozen one is let go by the same
            // record
            return undoOf(nodes);
        }

        @Override
        public ActiveFault activate() {
            for (Node node : nodes) {
                if (node.state() == Node.State.DOWN) {
                    throw new ChaosException(node.name() + " is down already, so there is nothing to " + fault.kind()
                            + (node.isDownByFault()
                                    ? "; another step took it down and is still in force: let the two not overlap"
                                    : node.outputText()));
                }
            }
            List<Node> done = new ArrayList<>();
            try {
                for (Node node : nodes) {
                    done.add(node);
                    make(node);
                }
            } catch (RuntimeException e) {
                healAll(done, e);
                throw e;
            }
            AtomicBoolean healed = new AtomicBoolean();
            return () -> {
                // a restart has ended when its start returned; a node that crashed since is the system's affair
                if (!healed.getAndSet(true) && !(fault instanceof Restart)) {
                    healAll(nodes, null);
                }
            };
        }

        private void make(Node node) {
            if (fault instanceof Kill kill) {
                node.kill(kill.looks(), effects);
            } else if (fault instanceof Pause) {
                node.pause(effects);
            } else {
                node.stop(effects);
                if (fault instanceof Restart) {
                    node.start(effects);
                }
            }
        }

        private void healAll(List<Node> broken, @Nullable RuntimeException during) {
            RuntimeException trouble = during;
            for (int i = broken.size() - 1; i >= 0; i--) {
                Node node = broken.get(i);
                try {
                    if (fault instanceof Pause) {
                        node.resume();
                    } else {
                        node.start(effects);
                    }
                } catch (RuntimeException e) {
                    if (trouble == null) {
                        trouble = e;
                    } else {
                        trouble.addSuppressed(e);
                    }
                }
            }
            if (during == null && trouble != null) {
                throw trouble;
            }
        }
    }
}
