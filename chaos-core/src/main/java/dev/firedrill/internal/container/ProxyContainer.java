package dev.firedrill.internal.container;

import static java.util.Objects.requireNonNull;

import com.github.dockerjava.api.command.InspectContainerResponse;
import dev.firedrill.ChaosException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/** A Toxiproxy in a network of containers. It is removed when it is closed, and with its run. Safe for concurrent use. */
public final class ProxyContainer implements AutoCloseable {

    private static final String IMAGE = "ghcr.io/shopify/toxiproxy:2.12.0";

    private final ContainerRoom room;
    private final GenericContainer<?> container;
    private final String id;
    private final InetSocketAddress api;
    private final String address;
    private final Map<Integer, InetSocketAddress> endpoints = new HashMap<>();

    /** The port of its HTTP API inside the network. */
    private static final int API_PORT = 8474;

    private ProxyContainer(ContainerRoom room, GenericContainer<?> container, String network, List<Integer> ports) {
        this.room = room;
        this.container = container;
        this.id = container.getContainerId();
        InspectContainerResponse found = docker().inspect(id);
        ports.forEach(port -> endpoints.put(port, docker().endpoint("Toxiproxy", found, port)));
        this.api = endpoint(API_PORT);
        this.address = docker().address(id, network);
    }

    /**
     * Starts one; its API may not answer yet when this returns.
     *
     * @param room whose containers it serves
     * @param network the id of the network
     * @param aliases the names that it answers to there
     * @param ports the ports that are to be reached from outside
     * @return the container
     * @throws ChaosException if it does not start
     */
    public static ProxyContainer start(
            ContainerRoom room, String network, Collection<String> aliases, List<Integer> ports) {
        room.toMake("Toxiproxy");
        List<Integer> exposed = new ArrayList<>(ports);
        exposed.add(API_PORT);
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(IMAGE))
                .withExposedPorts(exposed.toArray(Integer[]::new))
                .withLabels(room.labels())
                .withCommand("-host=0.0.0.0", "-runtime-metrics")
                .withNetworkMode(network)
                .withCreateContainerCmdModifier(command -> command.withAliases(List.copyOf(aliases)))
                .waitingFor(new NoWait());
        try {
            new Starting(container, () -> false, id -> false).run("toxiproxy");
            return new ProxyContainer(room, container, network, exposed);
        } catch (ContainerFetchException e) {
            throw new ChaosException(
                    "the image of Toxiproxy, " + IMAGE + ", can't be had: " + e.getMessage()
                            + "; load or build it under this name, or set chaos.engine=embedded",
                    e);
        } catch (RuntimeException e) {
            container.stop();
            throw new ChaosException("Toxiproxy did not start: " + e.getMessage(), e);
        }
    }

    /** Whoever uses its API will see when that answers. */
    private static final class NoWait extends AbstractWaitStrategy {
        @Override
        protected void waitUntilReady() {}
    }

    /**
     * Where its HTTP API is reached from here.
     *
     * @return the address
     */
    public InetSocketAddress api() {
        return api;
    }

    /**
     * Where one of its ports is reached from here.
     *
     * @param port one of those that it was started with
     * @return the address
     */
    public InetSocketAddress endpoint(int port) {
        return requireNonNull(endpoints.get(port), "port");
    }

    /**
     * Where it is reached in its network.
     *
     * @return its IP address
     */
    public String address() {
        return address;
    }

    private Docker docker() {
        return room.docker("Toxiproxy");
    }

    @Override
    public void close() {
        docker().remove(id);
        Docker.forget(container);
    }
}
