package dev.firedrill.internal.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No buffer is lost, whatever happens to connections. The detector watches from the first buffer on, hence JVMs of their own. */
class LeakTests {

    private static final String LEAK = "LEAK:";

    @TempDir
    Path folder;

    @Test
    void no_buffer_is_lost_while_faults_flap_and_peers_vanish() throws Exception {
        assertThat(run(false)).contains("done").doesNotContain(LEAK).doesNotContain("Exception");
    }

    @Test
    void a_buffer_that_is_lost_would_be_seen() throws Exception {
        assertThat(run(true)).contains("done").contains(LEAK);
    }

    private String run(boolean losing) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dio.netty.leakDetection.level=paranoid",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeakRun.class.getName(),
                        folder.resolve("home").toString(),
                        String.valueOf(losing))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).as("ended in time").isTrue();
        } finally {
            child.destroyForcibly();
        }
        return Files.readString(output, UTF_8);
    }
}
