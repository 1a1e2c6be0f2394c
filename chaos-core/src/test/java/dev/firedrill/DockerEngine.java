package dev.firedrill;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/** What the Docker engine says of containers and networks, past everything that Firedrill believes. */
public final class DockerEngine {

    private static final String RUN = "dev.firedrill.run";

    private DockerEngine() {}

    private static DockerClient client() {
        return DockerClientFactory.instance().client();
    }

    /** The containers and networks that a JVM's runs have made. */
    public static List<String> madeBy(long pid) {
        return labelled(RUN, run -> run.startsWith(pid + "-"));
    }

    /** The containers and networks that a JVM has made through Testcontainers, by itself or by Firedrill. */
    public static List<String> madeIn(String session) {
        return labelled(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, session::equals);
    }

    private static List<String> labelled(String label, Predicate<String> value) {
        Stream<String> containers = client().listContainersCmd().withShowAll(true).exec().stream()
                .filter(each -> has(each.getLabels(), label, value))
                .map(each -> "container " + each.getImage() + " " + Arrays.toString(each.getNames()) + " "
                        + each.getStatus());
        Stream<String> networks = client().listNetworksCmd().exec().stream()
                .filter(each -> has(each.getLabels(), label, value))
                .map(each -> "network " + each.getName());
        return Stream.concat(containers, networks).toList();
    }

    private static boolean has(Map<String, String> labels, String label, Predicate<String> value) {
        return labels != null && labels.containsKey(label) && value.test(labels.get(label));
    }

    /** Such as {@code running}, {@code paused} or {@code exited}; {@code gone} if there is none. */
    public static String state(String container) {
        try {
            return String.valueOf(
                    client().inspectContainerCmd(container).exec().getState().getStatus());
        } catch (NotFoundException e) {
            return "gone";
        }
    }

    public static void remove(String container) {
        try {
            client().removeContainerCmd(container).withForce(true).exec();
        } catch (NotFoundException e) {
            return; // that is what was wanted
        }
    }
}
