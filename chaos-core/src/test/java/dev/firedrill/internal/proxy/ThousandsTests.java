package dev.firedrill.internal.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four thousand connections take some seventeen thousand file descriptors, for all their ends are in one process. */
class ThousandsTests {

    private static final Pattern GROWTH = Pattern.compile("heap grew by (-?[0-9]+) KB");

    @TempDir
    Path folder;

    @Test
    void four_thousand_connections_at_once_leave_nothing_behind() throws Exception {
        String said = run(ThousandsRun.class);

        assertThat(said).contains("done").doesNotContain("LEAK:").doesNotContain("Exception");
        Matcher growth = GROWTH.matcher(said);
        assertThat(growth.find()).as(said).isTrue();
        // 8,000 connections have come and gone: what each left behind would be more
        assertThat(Long.parseLong(growth.group(1))).isLessThan(4_000);
    }

    @Test
    void a_link_that_takes_no_more_says_so_once() throws Exception {
        String said = run(CrowdRun.class);

        assertThat(said).contains("done").containsOnlyOnce("link test->kv: 8192 connections are open");
        assertThat(said).contains("3 connections on test->kv were reset by no fault");
        assertThat(said).doesNotContain("Exception").doesNotContain("LEAK:");
    }

    @Test
    void what_is_only_looked_on_is_not_kept() throws Exception {
        String said = run(LookedOnRun.class, "-XX:MaxDirectMemorySize=48m");

        assertThat(said)
                .contains("done")
                .doesNotContain("Exception")
                .doesNotContain("Error")
                .doesNotContain("LEAK:");
    }

    private String run(Class<?> main, String... more) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dio.netty.leakDetection.level=paranoid",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(more));
        command.add(main.getName());
        command.add(folder.resolve("home").toString());
        Process child = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(120, TimeUnit.SECONDS)).as("ended in time").isTrue();
        } finally {
            child.destroyForcibly();
        }
        return Files.readString(output, UTF_8);
    }
}
