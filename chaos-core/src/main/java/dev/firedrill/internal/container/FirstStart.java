package dev.firedrill.internal.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.firedrill.ChaosException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;

/** How a container is started for the first time, which alone decides its network and its names in it. */
public final class FirstStart {

    static final String ON_NETWORKS = "; was it closed? A network has to live as long as the containers in it: leave it"
            + " open, for Testcontainers removes it in the end, or give the container none";

    private static final String RANDOM_ALIAS = "tc-"; // what Testcontainers gives to every container
    private static final String LABEL = "dev.firedrill.node";
    private static final int LOG_LINES = 20;
    private static final Set<String> DEAD = Set.of("exited", "dead");

    private final String node;
    private final GenericContainer<?> container;
    private final List<Integer> ports;
    private final ContainerRoom room;
    private final String hidden;
    private final Map<String, String> hosts = new LinkedHashMap<>();
    private boolean diverted;
    private volatile boolean abandoned;
    private volatile @Nullable String lastWords;
    private volatile @Nullable Closeable waiting;

    FirstStart(String node, GenericContainer<?> container, List<Integer> ports, ContainerRoom room) {
        this.node = node;
        this.container = container;
        this.ports = ports;
        this.room = room;
        this.hidden = room.unique(node);
    }

    /**
     * Says whether calls to the container can be led through a Toxiproxy.
     *
     * @return false if it has a network mode instead of a network, such as {@code host}
     */
    public boolean canBeDiverted() {
        return container.getNetwork() != null || container.getNetworkMode() == null;
    }

    /**
     * The names that other containers on its network call it by.
     *
     * @return those that the user gave; empty if it has no network that others could be on
     */
    public List<String> aliases() {
        return container.getNetwork() == null
                ? List.of()
                : container.getNetworkAliases().stream()
                        .filter(alias -> !alias.startsWith(RANDOM_ALIAS))
                        .distinct()
                        .toList();
    }

    /**
     * Its network; made if nobody has made it yet.
     *
     * @return the id
     * @throws ChaosException if it is gone
     */
    public String network() {
        Network given = container.getNetwork();
        if (given == null) {
            return room.network(node);
        }
        Docker docker = room.toMake(node);
        String id = given.getId();
        if (!docker.hasNetwork(id)) {
            throw new ChaosException(
                    node + ": its network " + id.substring(0, Math.min(12, id.length())) + " is gone" + ON_NETWORKS);
        }
        return id;
    }

    /**
     * From now on its own aliases are somebody else's, and it is found under another name.
     *
     * @return that name
     */
    public String divert() {
        diverted = true;
        return hidden;
    }

    /**
     * Lets the container find a name at an address of its own.
     *
     * @param alias the name
     * @param address where it is
     */
    public void find(String alias, String address) {
        hosts.put(alias, address);
    }

    /** Nobody waits for it any more: a start that goes on is cut short. */
    void abandon() {
        abandoned = true;
    }

    /** Starts a container of ours; returns its id. If it throws, nothing is left of it. */
    String run() {
        room.toMake(node);
        container.withLabels(room.labels());
        container.withLabel(LABEL, hidden);
        if (container.getExposedPorts().isEmpty()) {
            container.withExposedPorts(ports.toArray(Integer[]::new));
        }
        hosts.forEach(container::withExtraHost);
        if (diverted) {
            String network = network();
            List<String> names = new ArrayList<>(container.getNetworkAliases());
            names.removeAll(aliases());
            names.add(hidden);
            container.withCreateContainerCmdModifier(command -> {
                command.withAliases(names);
                if (command.getHostConfig() != null) {
                    command.getHostConfig().withNetworkMode(network);
                }
            });
        }
        try {
            return start();
        } catch (RuntimeException e) {
            end(e);
            throw e;
        }
    }

    /** Starts one that is not ours, unless it runs; returns its id. */
    String asItIs() {
        room.docker(node);
        return container.isRunning() ? container.getContainerId() : start();
    }

    private String start() {
        Starting starting = new Starting(container, () -> abandoned, this::isDead);
        StartupCheckStrategy check = container.getStartupCheckStrategy();
        container.setStartupCheckStrategy(new KeepingWords(check));
        try {
            starting.run(node);
            return container.getContainerId();
        } catch (ContainerFetchException e) {
            throw new ChaosException(
                    node + ": its image can't be had: " + text(e)
                            + "; is its name right, and can the engine reach the registry? Otherwise load or build it under"
                            + " this name",
                    e);
        } catch (RuntimeException e) {
            if (abandoned) {
                throw new IllegalStateException(node + ": its start was cut short, for its Chaos was closed", e);
            }
            String words = lastWords;
            throw new ChaosException(node + " did not start: " + (words != null ? words : text(e) + "; " + state()), e);
        } finally {
            stopWaiting();
            container.setStartupCheckStrategy(check);
        }
    }

    /** Testcontainers removes a container that did not start, and its log with it. */
    private final class KeepingWords extends StartupCheckStrategy {

        private final StartupCheckStrategy check;

        KeepingWords(StartupCheckStrategy check) {
            this.check = check;
        }

        @Override
        @SuppressWarnings("deprecation") // Testcontainers itself calls no other
        public boolean waitUntilStartupSuccessful(GenericContainer<?> started) {
            boolean successful = check.waitUntilStartupSuccessful(started);
            if (!successful) {
                keepWords(container.getContainerId());
            }
            return successful;
        }

        @Override
        public StartupStatus checkStartupState(DockerClient client, String id) {
            return check.checkStartupState(client, id);
        }
    }

    /** Asks the engine to say when the container has ended, for soon after Testcontainers removes it. */
    private boolean isDead(String id) {
        if (waiting == null) {
            waiting = room.docker(node).onEnd(id, () -> keepWords(id));
        }
        return lastWords != null;
    }

    private void keepWords(String id) {
        try {
            if (DEAD.contains(room.docker(node).inspect(id).getState().getStatus())) {
                lastWords = state(id);
            } else {
                waiting = null; // it had not been started yet
            }
        } catch (RuntimeException e) {
            // it is gone; whoever started it will say so
        }
    }

    private void stopWaiting() {
        Closeable last = waiting;
        waiting = null;
        try {
            if (last != null) {
                last.close();
            }
        } catch (IOException e) {
            // it is of no use any more
        }
    }

    private static String text(Throwable trouble) {
        Throwable root = trouble;
        for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
            root = root.getCause();
        }
        String first = String.valueOf(trouble.getMessage()).strip();
        String last = String.valueOf(root.getMessage()).strip();
        return first.contains(last) ? first : first + " (" + last + ")";
    }

    /** It was ready, and a moment later it was gone. */
    ChaosException endedSoon(String id) {
        return new ChaosException(node + " did not start: " + state(id));
    }

    private String state() {
        String id = container.getContainerId();
        return id == null ? "its container was not made" : state(id);
    }

    private String state(String id) {
        try {
            Docker docker = room.docker(node);
            var state = docker.inspect(id).getState();
            List<String> log = docker.log(id, LOG_LINES);
            return (Boolean.TRUE.equals(state.getRunning())
                            ? "its container runs"
                            : "its container ended with exit code " + state.getExitCodeLong())
                    + (log.isEmpty() ? "; it wrote nothing" : "; its last output:\n  | " + String.join("\n  | ", log));
        } catch (NotFoundException e) {
            return "its container is gone";
        }
    }

    /** By its label, for Testcontainers has forgotten its id, or never heard it. */
    private void end(RuntimeException trouble) {
        try {
            room.docker(node).removeContainers(LABEL, hidden);
            Docker.forget(container);
        } catch (RuntimeException e) {
            trouble.addSuppressed(e);
        }
    }
}
