package dev.firedrill.junit5;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerPort;
import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.Toxic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/** What this JVM's runs have left, as the Docker engine, the Toxiproxies in it and the JVM say, whatever Firedrill believes. */
final class Left {

    private static final String RUN = "dev.firedrill.run";
    private static final int API = 8474;

    private Left() {}

    private static DockerClient client() {
        return DockerClientFactory.instance().client();
    }

    private static boolean isOurs(Map<String, String> labels) {
        return labels != null
                && labels.getOrDefault(RUN, "")
                        .startsWith(ProcessHandle.current().pid() + "-");
    }

    private static Stream<Container> containers() {
        return client().listContainersCmd().withShowAll(true).exec().stream().filter(each -> isOurs(each.getLabels()));
    }

    /** Containers and networks. */
    static List<String> inEngine() {
        return Stream.concat(
                        containers().map(each -> "container " + each.getImage()),
                        client().listNetworksCmd().exec().stream()
                                .filter(each -> isOurs(each.getLabels()))
                                .map(each -> "network " + each.getName()))
                .toList();
    }

    /** Containers that don't run, and toxics. */
    static List<String> broken() {
        List<String> found = new ArrayList<>();
        containers().forEach(each -> {
            if (!each.getState().equals("running")) {
                found.add("container " + each.getImage() + " is " + each.getState());
            } else if (each.getImage().contains("toxiproxy")) {
                found.addAll(toxics(each));
            }
        });
        return found;
    }

    private static List<String> toxics(Container toxiproxy) {
        List<String> found = new ArrayList<>();
        for (ContainerPort port : toxiproxy.getPorts()) {
            if (Integer.valueOf(API).equals(port.getPrivatePort())
                    && !String.valueOf(port.getIp()).contains(":")) {
                try {
                    for (Proxy proxy : new ToxiproxyClient("127.0.0.1", port.getPublicPort()).getProxies()) {
                        for (Toxic toxic : proxy.toxics().getAll()) {
                            found.add("toxic " + toxic.getName() + " of " + proxy.getName());
                        }
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return found;
    }

    /** Threads that Firedrill or the client of the engine has started for a run. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("firedrill") || name.startsWith("docker-java"))
                .sorted()
                .toList();
    }
}
