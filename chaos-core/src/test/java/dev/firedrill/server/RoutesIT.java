package dev.firedrill.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.containers.GenericContainer;

/**
 * That {@link RoutesTests} compares with the truth. With {@code -Dfiredrill.routes=write} it records that anew.
 */
@Tag("docker")
class RoutesIT {

    private static final int API = 8474;

    /** Anything will do: nothing else listens in the container. */
    private static final int FREE = 23_456;

    @Test
    void the_real_toxiproxy_answers_as_recorded() throws Exception {
        try (GenericContainer<?> toxiproxy = new GenericContainer<>("ghcr.io/shopify/toxiproxy:2.12.0")) {
            toxiproxy.withExposedPorts(API).start();
            URI uri = URI.create("http://" + toxiproxy.getHost() + ":" + toxiproxy.getMappedPort(API));

            String answers = new RoutesScript(uri, FREE).run();

            if ("write".equals(System.getProperty("firedrill.routes"))) {
                Files.writeString(Path.of("src/test/resources/dev/firedrill/server/routes.txt"), answers);
            }
            assertThat(answers).isEqualTo(RoutesScript.recorded());
        }
    }
}
