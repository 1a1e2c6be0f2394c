package dev.firedrill.internal.container;

import dev.firedrill.ChaosException;
import dev.firedrill.internal.journal.Journal;
import dev.firedrill.spi.UndoRecord;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;

/**
 * What the containers of one Chaos have in common: the engine, the label that they carry, and a network for those that have
 * none. Nothing is touched before the first container starts. Safe for concurrent use.
 *
 * <p>Before anything is made, the journal holds the label of all that will be made.
 */
public final class ContainerRoom implements AutoCloseable {

    static final String LABEL = "dev.firedrill.run";
    private static final int LOOKS = 50;
    private static final long LOOK_NANOS = 100_000_000;

    private final Journal journal;
    private final String run;
    private long entry = -1;
    private int named;
    private @Nullable Docker docker;
    private @Nullable String network;
    private boolean networked;
    private boolean closed;

    /**
     * A room without containers.
     *
     * @param journal where to write what will have to be removed
     * @param run a name that no other run has
     */
    public ContainerRoom(Journal journal, String run) {
        this.journal = journal;
        this.run = run;
    }

    /** What all that this Chaos makes is labelled with. */
    Map<String, String> labels() {
        return Map.of(LABEL, run);
    }

    /** A name that nothing else has on this engine. */
    synchronized String unique(String name) {
        String readable = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return readable.substring(0, Math.min(20, readable.length())) + "-" + run + "-" + ++named; // at most 63
    }

    synchronized Docker docker(String who) {
        Docker found = docker;
        if (found == null) {
            found = Docker.find(who);
            docker = found;
        }
        return found;
    }

    /** The engine, with the label of all that is about to be made on disk. */
    synchronized Docker toMake(String who) {
        if (closed) {
            throw new IllegalStateException(who + ": this Chaos is closed");
        }
        Docker found = docker(who);
        if (entry < 0) {
            entry = journal.write(new UndoRecord(
                    ContainerUndo.ENGINE,
                    ContainerUndo.REMOVE_RUN,
                    "the containers of a run",
                    Map.of(
                            "run",
                            run,
                            "session",
                            DockerClientFactory.SESSION_ID,
                            ContainerUndo.ENGINE_ID,
                            Docker.engine())));
        }
        return found;
    }

    /** The id of the network of those containers that were given none. */
    synchronized String network(String who) {
        String made = network;
        if (made == null) {
            Docker found = toMake(who);
            networked = true; // an answer that never comes may have made it all the same
            made = found.createNetwork("firedrill-" + run, labels());
            network = made;
        }
        return made;
    }

    /**
     * Who holds an alias by now.
     *
     * @param alias the alias
     * @param inNetwork the id of the network
     * @return the name of a running container; null if nobody does
     */
    public @Nullable String holderOf(String alias, String inNetwork) {
        return docker("alias " + alias).holderOf(alias, inNetwork);
    }

    /** Removes the network, and those containers that nobody knows of, since their start was cut short. */
    @Override
    public synchronized void close() {
        Docker used = docker;
        if (closed || used == null || entry < 0) {
            closed = true;
            return;
        }
        closed = true;
        for (int look = 0; look < LOOKS; look++) {
            boolean found = used.removeContainers(LABEL, run) > 0 || networked;
            if (networked) {
                used.removeNetworks(LABEL, run);
            }
            if (!found || !used.hasLabelled(LABEL, run)) {
                journal.done(entry);
                return;
            }
            // somebody else removes it right now, such as Testcontainers while the JVM shuts down
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw new ChaosException("a container or the network with the label " + LABEL + "=" + run
                + " can't be removed; the next start tries again, or remove it with docker rm -f or docker network rm");
    }
}
