package dev.firedrill.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An unmodified client of another language: the package {@code toxiproxy-node-client} of npm. */
@Tag("node")
class NodeClientIT {

    private static final String CLIENT = "toxiproxy-node-client@4.1.0";
    private static final long PATIENCE_SECONDS = 120;

    @Test
    void drives_every_route(@TempDir Path folder) throws Exception {
        run(folder, "npm", "install", "--no-save", "--no-audit", "--no-fund", "--prefix", folder.toString(), CLIENT);
        Path script = Path.of("src", "test", "node", "routes.js").toAbsolutePath();
        try (FiredrillServer server = FiredrillServer.start()) {
            String url = "http://127.0.0.1:" + server.address().getPort();

            String said = run(folder, "node", script.toString(), folder.toString(), url);

            assertThat(said).endsWith("every route answered as expected\n");
        }
    }

    private static String run(Path folder, String... command) throws IOException, InterruptedException {
        Path output = folder.resolve(command[0] + ".txt");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = java.nio.file.Files.readString(output);
        assertThat(ended).as("%s ended; it said %s", command[0], said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }
}
