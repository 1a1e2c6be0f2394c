package dev.firedrill.internal.container;

import com.github.dockerjava.api.exception.NotFoundException;
import dev.firedrill.ChaosException;
import dev.firedrill.spi.UndoRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/** Undoes in a later JVM what a run with containers had written down. Safe for concurrent use. */
public final class ContainerUndo {

    static final String ENGINE = "node";
    static final String REMOVE_RUN = "remove-run";
    static final String ENGINE_ID = "engine";
    private static final String REVIVE = "revive-container";
    private static final int LOOKS = 40;
    private static final int QUIET_LOOKS = 4;
    private static final long SETTLE_NANOS = 250_000_000;
    private static final Pattern IDS = Pattern.compile(",");

    private ContainerUndo() {}

    /**
     * Says whether a record is about containers.
     *
     * @param record the record
     * @return true if {@link #undo} knows it
     */
    public static boolean knows(UndoRecord record) {
        return record.action().equals(REMOVE_RUN) || record.action().equals(REVIVE);
    }

    /**
     * How to make containers run again that are not ours to remove.
     *
     * @param what for people
     * @param ids their ids
     * @return the record
     */
    public static UndoRecord revive(String what, List<String> ids) {
        return new UndoRecord(ENGINE, REVIVE, what, Map.of("ids", String.join(",", ids), ENGINE_ID, Docker.engine()));
    }

    /**
     * Undoes one record; does nothing about what is gone.
     *
     * @param record the record
     * @return what was done; empty if there was nothing to do
     */
    public static String undo(UndoRecord record) {
        try {
            Docker docker = Docker.find("what an earlier run left");
            checkEngine(record);
            return record.action().equals(REVIVE) ? revive(docker, record) : removeRun(docker, record);
        } catch (NoClassDefFoundError e) {
            throw new ChaosException("Testcontainers is not on the class path", e);
        }
    }

    /** On another engine nothing of it would be found, and the record would be crossed out. */
    private static void checkEngine(UndoRecord record) {
        String engine = record.data().getOrDefault(ENGINE_ID, "");
        if (!engine.isEmpty() && !engine.equals(Docker.engine())) {
            throw new ChaosException("it is on the Docker engine " + engine + ", and here " + Docker.engine()
                    + " answers; start once with the DOCKER_HOST of that run");
        }
    }

    private static String removeRun(Docker docker, UndoRecord record) {
        String run = record.data().getOrDefault("run", "");
        if (run.isEmpty()) {
            return "";
        }
        String session = record.data().getOrDefault("session", "");
        int containers = 0;
        int networks = 0;
        int quiet = 0;
        for (int look = 0; look < LOOKS; look++) {
            int more = docker.removeContainers(ContainerRoom.LABEL, run);
            containers += more;
            int moreNetworks = docker.removeNetworks(ContainerRoom.LABEL, run);
            if (!session.isEmpty()) {
                // made by the test itself; where something else is attached it stays, too
                moreNetworks += docker.removeNetworks(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, session);
            }
            networks += moreNetworks;
            quiet = more + moreNetworks == 0 ? quiet + 1 : 0;
            if (quiet == QUIET_LOOKS) {
                break;
            }
            // the engine goes on with what the dead JVM had asked for
            LockSupport.parkNanos(SETTLE_NANOS);
        }
        if (docker.hasLabelled(ContainerRoom.LABEL, run)) {
            throw new ChaosException("a container or network with the label " + ContainerRoom.LABEL + "=" + run
                    + " can't be removed; remove it with docker rm -f or docker network rm");
        }
        return Stream.of(count(containers, "container"), count(networks, "network"))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(" and "), all -> all.isEmpty() ? "" : "removed " + all));
    }

    private static String count(int number, String what) {
        return number == 0 ? "" : number + " " + what + (number == 1 ? "" : "s");
    }

    private static String revive(Docker docker, UndoRecord record) {
        List<String> done = new ArrayList<>();
        for (String id : IDS.split(record.data().getOrDefault("ids", ""), -1)) {
            try {
                var state = docker.inspect(id).getState();
                if (Boolean.TRUE.equals(state.getPaused())) {
                    docker.unpause(id);
                    done.add("unfroze");
                } else if (!Boolean.TRUE.equals(state.getRunning())) {
                    docker.start(id);
                    done.add("started");
                }
            } catch (NotFoundException e) {
                // whoever owned it has removed it
            }
        }
        return done.isEmpty()
                ? ""
                : String.join(" and ", done.stream().distinct().toList()) + " " + record.what();
    }
}
