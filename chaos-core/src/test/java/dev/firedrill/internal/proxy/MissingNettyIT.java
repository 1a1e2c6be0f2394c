package dev.firedrill.internal.proxy;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.Chaos;
import dev.firedrill.ChaosException;
import dev.firedrill.JavaProgram;
import dev.firedrill.Upstream;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Core alone on the class path: whoever needs a link is told what is missing, if that is needed. */
class MissingNettyIT {

    @TempDir
    Path home;

    /** Runs in the other JVM. */
    static final class Program {

        private Program() {}

        public static void main(String[] arguments) {
            try (Chaos chaos =
                    Chaos.builder().home(Path.of(arguments[0])).reports(null).start()) {
                chaos.service("redis", Upstream.at("127.0.0.1", 6379));
                System.out.println("carried by " + Transport.get().connecting().getSimpleName());
            } catch (ChaosException e) {
                System.out.println(e.getMessage() + ", " + e.getSuppressed().length + " suppressed");
            }
        }
    }

    @Test
    void is_named_with_the_artifact_to_add() throws Exception {
        assertThat(runWithout("netty"))
                .contains("the embedded proxy needs Netty, which is not on the class path; add the artifact"
                        + " io.netty:netty-handler (dev.firedrill:chaos-junit5 brings it), 0 suppressed");
    }

    @Test
    void epoll_alone_is_not_missed() throws Exception {
        assertThat(runWithout("epoll")).contains("carried by NioSocketChannel");
    }

    @Test
    void nor_is_its_native_file() throws Exception {
        assertThat(runWithout("native-epoll")).contains("carried by NioSocketChannel");
    }

    private String runWithout(String artifact) throws Exception {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains(artifact))
                .collect(Collectors.joining(File.pathSeparator));
        try (JavaProgram program = JavaProgram.start(
                home.resolve("output"), JavaProgram.command(classPath, Program.class, home.toString()))) {
            assertThat(program.awaitEnd(ofSeconds(30))).as(program.output()).isZero();
            return program.output();
        }
    }
}
