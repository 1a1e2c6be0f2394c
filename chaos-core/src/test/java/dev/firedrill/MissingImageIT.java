package dev.firedrill;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;

/** An image that can't be had. In another JVM, for Testcontainers tries for two minutes unless its environment says otherwise. */
@Tag("docker")
class MissingImageIT {

    @TempDir
    Path home;

    /** Runs in the other JVM. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            try (Chaos chaos =
                    Chaos.builder().home(Path.of(arguments[0])).reports(null).start()) {
                chaos.service(
                        "redis",
                        ServiceContainer.of(new GenericContainer<>("firedrill/no-such-image:1"))
                                .ports(6379));
            } catch (ChaosException e) {
                System.out.println("refused: " + e.getMessage() + ", " + e.getSuppressed().length + " suppressed");
            }
        }
    }

    @Test
    void an_image_that_no_registry_has_is_named_with_what_to_do() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(JavaProgram.command(Program.class, home.toString()));
        builder.environment().put("TESTCONTAINERS_PULL_TIMEOUT", "2");
        try (JavaProgram program = JavaProgram.start(home.resolveSibling(home.getFileName() + ".txt"), builder)) {
            program.awaitEnd(ofSeconds(60));
            // what stands between is the engine's and the registry's
            assertThat(program.output().lines().filter(line -> line.startsWith("refused")))
                    .singleElement()
                    .asString()
                    .startsWith("refused: redis: its image can't be had: ")
                    .contains("firedrill/no-such-image:1")
                    .endsWith(
                            "; is its name right, and can the engine reach the registry? Otherwise load or build it under"
                                    + " this name, 0 suppressed");
        }
    }
}
