package dev.firedrill;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;

/** Other JVMs that find no Docker engine, or may not use it: told at once, and nothing is left. */
@Tag("docker")
class MissingDockerIT {

    private static final String ADVICE =
            "; start one (Debian: apt-get install docker.io, then dockerd) and see that this user"
                    + " may use its socket, point DOCKER_HOST at one, or declare a LocalProcess instead";

    @TempDir
    Path home;

    /** Runs in the other JVM: a container, and then what needs none. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) throws IOException {
            try (LineServer server = new LineServer();
                    Chaos chaos = Chaos.builder()
                            .home(Path.of(arguments[0]))
                            .reports(null)
                            .start()) {
                container(chaos);
                container(chaos);
                Service lines = chaos.service("lines", server.upstream());
                System.out.println("lines has " + lines.links().size() + " link, of " + chaos.services());
            }
            System.out.println("threads " + threads());
        }

        private static void container(Chaos chaos) {
            try {
                chaos.service(
                        "redis",
                        ServiceContainer.of(new GenericContainer<>("redis:7.0")).ports(6379));
            } catch (ChaosException e) {
                System.out.println("refused: " + e.getMessage() + ", " + e.getSuppressed().length + " suppressed");
            }
        }

        private static List<String> threads() {
            return Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> name.startsWith("firedrill"))
                    .toList();
        }
    }

    @BeforeEach
    void needsRoot() {
        assumeThat(System.getProperty("user.name"))
                .as("only root can hide the engine's socket from another JVM")
                .isEqualTo("root");
    }

    private List<String> run(String... before) throws Exception {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(JavaProgram.command(Program.class, home.toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("DOCKER_"));
        try (JavaProgram program = JavaProgram.start(home.resolveSibling(home.getFileName() + ".txt"), builder)) {
            program.awaitEnd(ofSeconds(30));
            return program.output()
                    .lines()
                    .filter(line -> Stream.of("refused", "lines", "threads").anyMatch(line::startsWith))
                    .toList();
        }
    }

    private void isRefusedTwiceAndGoesOn(List<String> said, String why) {
        String refusal =
                "refused: redis is a container, and no Docker engine answers: " + why + ADVICE + ", 0 suppressed";
        assertThat(said).containsExactly(refusal, refusal, "lines has 1 link, of [lines]", "threads []");
        assertThat(home.resolve("journal"))
                .satisfiesAnyOf(
                        none -> assertThat(none).doesNotExist(),
                        empty -> assertThat(empty).isEmptyDirectory());
    }

    @Test
    void no_engine_is_there() throws Exception {
        isRefusedTwiceAndGoesOn(
                run("unshare", "-m", "sh", "-c", "mount -t tmpfs none /run && exec \"$@\"", "sh"),
                "there is no /var/run/docker.sock, and DOCKER_HOST is not set");
    }

    @Test
    void the_socket_is_refused() throws Exception {
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
        List<String> said = run(
                "setpriv",
                "--reuid=65534",
                "--clear-groups",
                "--inh-caps=+dac_read_search", // reads the class path, wherever that is
                "--ambient-caps=+dac_read_search");
        isRefusedTwiceAndGoesOn(said, "user nobody may not use /var/run/docker.sock");
    }
}
