package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Latency;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;

/** Whoever has neither containers nor a Toxiproxy needs no library of theirs; who has is told what is missing. */
@Tag("docker")
class MissingContainerLibrariesIT {

    private static final String ALL_OF_THEM =
            ".*/(org/testcontainers|com/github/docker-java|eu/rekawek/toxiproxy|com/google/code/gson)/.*";

    private static final String MISSING =
            "a Toxiproxy is driven with toxiproxy-java, which is not on the class path; add the artifact"
                    + " eu.rekawek.toxiproxy:toxiproxy-java (dev.firedrill:chaos-junit5 brings it), or set"
                    + " chaos.engine=embedded and no chaos.toxiproxy, 0 suppressed";

    @TempDir
    Path home;

    /** Runs in the other JVM: an experiment that needs no container. */
    static final class Embedded {

        private Embedded() {}

        public static void main(String[] arguments) throws Exception {
            Chaos.Builder settings = Chaos.builder().home(Path.of(arguments[0])).reports(null);
            if (arguments.length > 1) {
                settings.settings(Map.of("chaos.engine", arguments[1])::get);
            }
            try (Chaos chaos = settings.start()) {
                chaos.declare("lines", LineProcess.spec());
                chaos.startAll();
                Service lines = chaos.service("lines");
                Report report = chaos.experiment("slow, then gone")
                        .inject(new Latency(ofMillis(20)), lines)
                        .inject(new Kill(), lines)
                        .observe(drill -> {
                            drill.awaitActive();
                            System.out.println("is " + lines.nodes().get(0).state());
                        });
                System.out.println("steps " + report.steps().size());
            }
        }
    }

    /** Runs in the other JVM: one that leads through a Toxiproxy. */
    static final class Shared {

        private Shared() {}

        public static void main(String[] arguments) {
            try (Chaos chaos = Chaos.builder()
                    .home(Path.of(arguments[0]))
                    .reports(null)
                    .settings(Map.of("chaos.toxiproxy", "127.0.0.1:1")::get)
                    .start()) {
                chaos.service("redis", Upstream.at("127.0.0.1", 6379));
            } catch (ChaosException e) {
                System.out.println(e.getMessage() + ", " + e.getSuppressed().length + " suppressed");
            }
        }
    }

    /** Runs in the other JVM: a container that is led through a Toxiproxy. */
    static final class BehindToxiproxy {

        private BehindToxiproxy() {}

        public static void main(String[] arguments) {
            try (Chaos chaos =
                    Chaos.builder().home(Path.of(arguments[0])).reports(null).start()) {
                chaos.service(
                        "redis",
                        ServiceContainer.of(new GenericContainer<>("redis:7.0")).ports(6379));
            } catch (ChaosException e) {
                System.out.println(e.getMessage() + ", " + e.getSuppressed().length + " suppressed");
            }
        }
    }

    private String run(String missing, Class<?> program, String... arguments) throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.matches(missing))
                .collect(Collectors.joining(File.pathSeparator));
        try (JavaProgram other =
                JavaProgram.start(home.resolve("output"), JavaProgram.command(classPath, program, arguments))) {
            other.awaitEnd(ofSeconds(60));
            return other.output();
        }
    }

    @Test
    void are_not_needed_by_an_experiment_without_containers() throws Exception {
        assertThat(run(ALL_OF_THEM, Embedded.class, home.toString())).contains("is DOWN", "steps 2");
        assertThat(run(ALL_OF_THEM, Embedded.class, home.toString(), "embedded"))
                .contains("is DOWN", "steps 2");
    }

    @Test
    void are_named_to_whoever_leads_through_a_toxiproxy() throws Exception {
        assertThat(run(ALL_OF_THEM, Shared.class, home.toString())).contains(MISSING);
    }

    @Test
    void are_named_to_whoever_puts_a_container_before_a_toxiproxy() throws Exception {
        assertThat(run(".*/(eu/rekawek/toxiproxy|com/google/code/gson)/.*", BehindToxiproxy.class, home.toString()))
                .contains(MISSING);
    }
}
