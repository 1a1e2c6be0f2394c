package dev.firedrill.internal.container;

import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.firedrill.ChaosException;
import dev.firedrill.ServiceContainer;
import dev.firedrill.internal.NodeControl;
import dev.firedrill.schedule.Durations;
import dev.firedrill.spi.UndoRecord;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container as a node. */
public final class ContainerControl implements NodeControl {

    private static final Logger LOG = LoggerFactory.getLogger(ContainerControl.class);
    private static final int CONNECT_MILLIS = 500;

    /** Docker's own proxy accepts for a server that does not listen yet, and then hangs up within a few milliseconds. */
    private static final int HANG_UP_MILLIS = 50;

    private final String node;
    private final ServiceContainer spec;
    private final List<Integer> ports;
    private final ContainerRoom room;
    private final FirstStart first;
    private volatile @Nullable String id;
    private volatile boolean alive;
    private volatile boolean paused;
    private volatile Map<Integer, InetSocketAddress> endpoints = Map.of();
    private volatile boolean readyFromStart;
    private volatile Set<Integer> serving = Set.of();
    private volatile String ending = "was never started";
    private @Nullable Closeable waiting;
    private boolean borrowed;

    /**
     * A node that is not running, or that somebody else has started.
     *
     * @param node its name
     * @param spec the container
     * @param ports the ports of the service
     * @param room what it has in common with others
     */
    public ContainerControl(String node, ServiceContainer spec, List<Integer> ports, ContainerRoom room) {
        this.node = node;
        this.spec = spec;
        this.ports = List.copyOf(ports);
        this.room = room;
        this.first = new FirstStart(node, spec.container(), this.ports, room);
        this.borrowed = isBorrowed(spec);
    }

    /**
     * Says whether a container is used as it is.
     *
     * @param spec the container
     * @return true if somebody else starts it, has started it, or keeps it for the next run
     */
    public static boolean isBorrowed(ServiceContainer spec) {
        return spec.borrowed()
                || spec.container().isShouldBeReused()
                || spec.container().isRunning();
    }

    /**
     * How it is started for the first time, and where.
     *
     * @return null if it is used as it is
     */
    public @Nullable FirstStart first() {
        return borrowed ? null : first;
    }

    /**
     * Says whether the container runs though this control has not started it.
     *
     * @return true if somebody else was faster
     */
    public boolean isStartedBySomebodyElse() {
        return id == null && spec.container().isRunning();
    }

    /**
     * The container itself, for those who want to know who depends on whom.
     *
     * @return as declared
     */
    public ServiceContainer spec() {
        return spec;
    }

    @Override
    public String start() {
        String known = id;
        boolean isFirst = known == null;
        if (known == null) {
            borrowed |= isBorrowed(spec);
            known = borrowed ? first.asItIs() : first.run();
            id = known;
        } else {
            startAgain(known);
        }
        String current = known;
        InspectContainerResponse found = docker().inspect(current);
        if (isFirst && !borrowed && !Boolean.TRUE.equals(found.getState().getRunning())) {
            throw first.endedSoon(current);
        }
        Map<Integer, InetSocketAddress> real = new LinkedHashMap<>();
        for (int port : ports) {
            real.put(port, docker().endpoint(node, found, port));
        }
        endpoints = Map.copyOf(real);
        if (isFirst && ports.size() > 1) {
            // an image may expose more than its server listens on: what accepts now has to accept after a restart
            serving = real.entrySet().stream()
                    .filter(each -> accepts(each.getValue()))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        }
        readyFromStart = isFirst;
        paused = Boolean.TRUE.equals(found.getState().getPaused());
        ending = "is running";
        alive = true;
        return "container " + current.substring(0, 12);
    }

    @Override
    public void retire() {
        first.abandon();
    }

    private void startAgain(String known) {
        try {
            docker().start(known);
        } catch (NotFoundException e) {
            String which = node + ": its container " + known.substring(0, 12);
            throw new ChaosException(
                    docker().exists(known)
                            ? which + " can't be started again, for its network is gone" + FirstStart.ON_NETWORKS
                            : which + " has been removed by somebody else, so it can't be started again",
                    e);
        }
    }

    private Docker docker() {
        return room.docker(node);
    }

    private String id() {
        return requireNonNull(id, "id");
    }

    @Override
    public void onEnd(Runnable action) {
        stopWaiting();
        waiting = docker().onEnd(id(), () -> {
            alive = false;
            action.run();
        });
    }

    private void stopWaiting() {
        Closeable last = waiting;
        waiting = null;
        if (last != null) {
            try {
                last.close();
            } catch (IOException e) {
                LOG.debug("The wait for the end of {} could not be closed", node, e);
            }
        }
    }

    @Override
    public boolean isAlive() {
        return alive;
    }

    @Override
    public boolean isReady() {
        return alive && (readyFromStart || isServing());
    }

    private boolean isServing() {
        return endpoints.entrySet().stream()
                .filter(each -> serving.isEmpty() || serving.contains(each.getKey()))
                .allMatch(each -> accepts(each.getValue()) && works(each.getKey(), each.getValue()));
    }

    private static boolean accepts(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHostString(), address.getPort()), CONNECT_MILLIS);
            socket.setSoTimeout(HANG_UP_MILLIS);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true; // it waits for a word
        } catch (IOException e) {
            return false;
        }
    }

    private boolean works(int port, InetSocketAddress address) {
        try {
            return spec.ready().look(port, address);
        } catch (Exception e) {
            return false;
        }
    }

    @Override
    public InetSocketAddress endpoint(int port) {
        InetSocketAddress real = endpoints.get(port);
        if (real == null) {
            throw new ChaosException(node + " has not been started, so its port " + port + " is not known yet");
        }
        return real;
    }

    @Override
    public void kill() {
        stopWaiting();
        String known = id;
        if (known != null) {
            docker().kill(known);
            gone("killed");
        }
    }

    @Override
    public String stop() {
        if (!alive) {
            return ending();
        }
        stopWaiting();
        if (paused) {
            resume();
        }
        docker().stop(id(), spec.stopWithin());
        Long code = docker().inspect(id()).getState().getExitCodeLong();
        gone(
                code != null && code == 137
                        ? "did not end within " + Durations.format(spec.stopWithin()) + " and was killed"
                        : "exit code " + code);
        return ending;
    }

    private void gone(String how) {
        if (docker().isRunning(id())) {
            throw new ChaosException(node + " still runs, though Docker said that it was " + how);
        }
        alive = false;
        paused = false;
        ending = how;
    }

    @Override
    public void pause() {
        if (!alive) {
            throw new ChaosException(node + " is not running, so it can't be frozen");
        }
        docker().pause(id());
        paused = true;
    }

    @Override
    public void resume() {
        if (alive && paused) {
            docker().unpause(id());
        }
        paused = false;
    }

    @Override
    public String ending() {
        String known = id;
        if (!alive && known != null && ending.equals("is running")) {
            ending = exit(known);
        }
        return ending;
    }

    private String exit(String known) {
        try {
            var state = docker().inspect(known).getState();
            return "exit code " + state.getExitCodeLong()
                    + (Boolean.TRUE.equals(state.getOOMKilled()) ? ", out of memory" : "");
        } catch (NotFoundException e) {
            return "removed by somebody else";
        }
    }

    @Override
    public List<String> output(int lines) {
        String known = id;
        return known == null ? List.of() : docker().log(known, lines);
    }

    @Override
    public UndoRecord undoOfFault() {
        String known = id;
        return borrowed && known != null ? ContainerUndo.revive(node, List.of(known)) : UndoRecord.DIES_WITH_JVM;
    }

    /** One of ours is removed; one that is used as it is runs again. */
    @Override
    public void close() {
        stopWaiting();
        String known = id;
        if (known == null) {
            return;
        }
        if (!borrowed) {
            alive = false;
            docker().remove(known); // one call, where Testcontainers takes several
            Docker.forget(spec.container());
            return;
        }
        resume();
        try {
            if (!alive && !docker().isRunning(known)) {
                docker().start(known);
            }
        } catch (NotFoundException e) {
            // its owner has removed it
        }
        alive = false;
    }
}
