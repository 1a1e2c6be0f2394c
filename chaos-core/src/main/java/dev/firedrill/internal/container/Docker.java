package dev.firedrill.internal.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.api.model.Ports;
import com.github.dockerjava.api.model.WaitResponse;
import dev.firedrill.ChaosException;
import dev.firedrill.internal.Loopback;
import java.io.Closeable;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;

/** What is asked of the Docker engine. Safe for concurrent use. */
final class Docker {

    private static final int LOOKS = 100;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final int LOG_SECONDS = 5;
    private static final int MAX_TRIES = 5;
    private static final Path SOCKET = Path.of("/var/run/docker.sock");

    private final DockerClient client;

    private Docker(DockerClient client) {
        this.client = client;
    }

    /** The engine that Testcontainers finds. */
    static Docker find(String who) {
        try {
            return new Docker(DockerClientFactory.instance().client());
        } catch (IllegalStateException e) {
            throw new ChaosException(
                    who + " is a container, and no Docker engine answers: " + why(e)
                            + "; start one (Debian: apt-get install docker.io, then dockerd) and see that this user may"
                            + " use its socket, point DOCKER_HOST at one, or declare a LocalProcess instead",
                    e);
        }
    }

    private static String why(IllegalStateException trouble) {
        String host = System.getenv("DOCKER_HOST");
        if (host != null) {
            return firstLine(trouble) + " (DOCKER_HOST is " + host + ")";
        }
        if (!Files.exists(SOCKET)) {
            return "there is no " + SOCKET + ", and DOCKER_HOST is not set";
        }
        return Files.isWritable(SOCKET)
                ? firstLine(trouble)
                : "user " + System.getProperty("user.name") + " may not use " + SOCKET;
    }

    private static String firstLine(Throwable trouble) {
        return String.valueOf(trouble.getMessage()).lines().findFirst().orElse("");
    }

    /** What tells this engine from others. */
    static String engine() {
        return String.valueOf(DockerClientFactory.instance().getInfo().getId());
    }

    static String host() {
        return DockerClientFactory.instance().dockerHostIpAddress();
    }

    /** An interruption closes the connection to the engine; yet what undoes must not be cut short by one. */
    private static <T> T ask(Supplier<T> call) {
        boolean interrupted = Thread.interrupted();
        try {
            for (int tries = 1; ; tries++) {
                try {
                    return call.get();
                } catch (RuntimeException e) {
                    if (!Thread.interrupted() || tries == MAX_TRIES) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- containers

    InspectContainerResponse inspect(String id) {
        return ask(() -> client.inspectContainerCmd(id).exec());
    }

    boolean isRunning(String id) {
        try {
            return Boolean.TRUE.equals(inspect(id).getState().getRunning());
        } catch (NotFoundException e) {
            return false;
        }
    }

    boolean exists(String id) {
        try {
            inspect(id);
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    void start(String id) {
        try {
            ask(() -> client.startContainerCmd(id).exec());
        } catch (NotModifiedException e) {
            // it runs already
        }
    }

    /** Returns when the engine says that it is dead. */
    void kill(String id) {
        try {
            ask(() -> client.killContainerCmd(id).exec());
        } catch (ConflictException e) {
            // it is dead already
        }
    }

    void stop(String id, Duration patience) {
        int seconds = (int) Math.min(Integer.MAX_VALUE, Math.max(1, (patience.toMillis() + 999) / 1_000));
        try {
            ask(() -> client.stopContainerCmd(id).withTimeout(seconds).exec());
        } catch (NotModifiedException e) {
            // it is dead already
        }
    }

    void pause(String id) {
        unlessPaused(id, true, () -> client.pauseContainerCmd(id).exec());
    }

    /** The engine fails what has been done already. */
    private void unlessPaused(String id, boolean wanted, Supplier<Void> call) {
        try {
            ask(call);
        } catch (RuntimeException e) {
            if (!isRunning(id) || Boolean.TRUE.equals(inspect(id).getState().getPaused()) != wanted) {
                throw e;
            }
        }
    }

    void unpause(String id) {
        unlessPaused(id, false, () -> client.unpauseContainerCmd(id).exec());
    }

    void remove(String id) {
        try {
            ask(() -> client.removeContainerCmd(id)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec());
        } catch (NotFoundException e) {
            // it is gone
        } catch (ConflictException e) {
            if (!String.valueOf(e.getMessage()).contains("already in progress")) {
                throw e;
            }
            awaitGone(id);
        }
    }

    /** Somebody else removes it right now, such as Testcontainers after a failed start: nothing is to be left behind us. */
    private void awaitGone(String id) {
        try {
            for (int look = 0; look < LOOKS; look++) {
                inspect(id);
                LockSupport.parkNanos(LOOK_NANOS);
            }
        } catch (NotFoundException e) {
            // it is gone
        }
    }

    /** Lets Testcontainers know that a container is gone. */
    static void forget(GenericContainer<?> removed) {
        ask(() -> {
            removed.stop();
            return removed;
        });
    }

    /** Where a port of a running container is reached from here. */
    InetSocketAddress endpoint(String who, InspectContainerResponse container, int port) {
        Map<ExposedPort, Ports.Binding[]> all =
                container.getNetworkSettings().getPorts().getBindings();
        Ports.Binding[] bindings = all.get(ExposedPort.tcp(port));
        if (bindings == null || bindings.length == 0) {
            throw new ChaosException(who + ": its port " + port + " is not published; " + published(all)
                    + "; expose it before the container starts");
        }
        String real = bindings[0].getHostPortSpec();
        for (Ports.Binding each : bindings) { // the kernel may have given another one for IPv6
            if (!String.valueOf(each.getHostIp()).contains(":")) {
                real = each.getHostPortSpec();
            }
        }
        String host = host();
        return host.equals("localhost")
                ? Loopback.at(Integer.parseInt(real))
                : InetSocketAddress.createUnresolved(host, Integer.parseInt(real));
    }

    private static String published(Map<ExposedPort, Ports.Binding[]> all) {
        List<Integer> ports = all.entrySet().stream()
                .filter(each -> each.getValue() != null)
                .map(each -> each.getKey().getPort())
                .sorted()
                .toList();
        return ports.isEmpty() ? "none is" : "published are " + ports;
    }

    /** Calls back when the incarnation that runs now has ended. */
    Closeable onEnd(String id, Runnable action) {
        return client.waitContainerCmd(id).exec(new ResultCallback.Adapter<WaitResponse>() {
            @Override
            public void onNext(WaitResponse response) {
                action.run();
            }
        });
    }

    /** The last lines of its log. */
    List<String> log(String id, int lines) {
        StringBuilder text = new StringBuilder();
        try {
            client.logContainerCmd(id)
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTail(lines)
                    .exec(new ResultCallback.Adapter<Frame>() {
                        @Override
                        public void onNext(Frame frame) {
                            synchronized (text) {
                                text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                            }
                        }
                    })
                    .awaitCompletion(LOG_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            return List.of("(the log can't be read: " + e.getMessage() + ")");
        }
        synchronized (text) {
            List<String> all = text.toString().lines().toList();
            return List.copyOf(all.subList(Math.max(0, all.size() - lines), all.size()));
        }
    }

    // ---- networks

    String createNetwork(String name, Map<String, String> labels) {
        return client.createNetworkCmd()
                .withName(name)
                .withCheckDuplicate(true)
                .withLabels(labels)
                .exec()
                .getId();
    }

    boolean hasNetwork(String id) {
        try {
            ask(() -> client.inspectNetworkCmd().withNetworkId(id).exec());
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** Returns false if it is in use, or gone. */
    boolean removeNetwork(String id) {
        try {
            ask(() -> client.removeNetworkCmd(id).exec());
            return true;
        } catch (NotFoundException e) {
            return false;
        } catch (RuntimeException e) {
            if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("active endpoints")) {
                return false;
            }
            throw e;
        }
    }

    /** Who in a network holds an alias by now, as far as they run; null if nobody does. */
    @Nullable
    String holderOf(String alias, String network) {
        Network found =
                ask(() -> client.inspectNetworkCmd().withNetworkId(network).exec());
        for (String id : found.getContainers().keySet()) {
            InspectContainerResponse container;
            try {
                container = inspect(id);
            } catch (NotFoundException e) {
                continue;
            }
            ContainerNetwork place = container.getNetworkSettings().getNetworks().values().stream()
                    .filter(each -> network.equals(each.getNetworkID()))
                    .findFirst()
                    .orElse(null);
            if (place != null
                    && place.getAliases() != null
                    && place.getAliases().contains(alias)) {
                return container.getName().replaceFirst("^/", "");
            }
        }
        return null;
    }

    /** Its address in a network. */
    String address(String id, String network) {
        return inspect(id).getNetworkSettings().getNetworks().values().stream()
                .filter(each -> network.equals(each.getNetworkID()))
                .map(ContainerNetwork::getIpAddress)
                .findFirst()
                .orElseThrow(() -> new ChaosException("container " + id + " is not in network " + network));
    }

    // ---- what bears a label

    /** Removes every container with a label, and says how many there were. */
    int removeContainers(String label, String value) {
        List<Container> found = containers(label, value);
        found.forEach(each -> remove(each.getId()));
        return found.size();
    }

    /** Removes every network with a label that nothing is attached to, and says how many there were. */
    int removeNetworks(String label, String value) {
        return (int) networks(label, value).stream()
                .filter(each -> removeNetwork(each.getId()))
                .count();
    }

    boolean hasLabelled(String label, String value) {
        return !containers(label, value).isEmpty() || !networks(label, value).isEmpty();
    }

    private List<Container> containers(String label, String value) {
        return ask(() -> client.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(label, value))
                .exec());
    }

    private List<Network> networks(String label, String value) {
        return ask(() -> client.listNetworksCmd()
                .withFilter("label", List.of(label + "=" + value))
                .exec());
    }
}
