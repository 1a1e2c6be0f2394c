package dev.firedrill.internal.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.internal.Loopback;
import dev.firedrill.internal.SystemTime;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BudgetTests {

    @TempDir
    Path folder;

    /** Forty connections, each within its own bound, used up the direct memory, and some of them were reset. */
    @ParameterizedTest
    @ValueSource(strings = {"-Xmx192m", "-XX:MaxDirectMemorySize=192m", "-Dio.netty.maxDirectMemory=201326592"})
    void many_slow_connections_share_the_memory_that_is_there(String bound) throws Exception {
        String said = run(bound);
        assertThat(said).contains("done").doesNotContain("reset").doesNotContain("Exception");
    }

    private String run(String bound) throws IOException, InterruptedException {
        Path output = folder.resolve("output.txt");
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        bound,
                        "-cp",
                        System.getProperty("java.class.path"),
                        BulkRun.class.getName(),
                        folder.resolve("home").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(child.waitFor(90, TimeUnit.SECONDS)).as("ended in time").isTrue();
        } finally {
            child.destroyForcibly();
        }
        return Files.readString(output, UTF_8);
    }

    @Test
    void what_is_given_back_is_there_again() {
        int all = 100 << 20;
        Budget budget = new Budget(() -> all);
        budget.take(all - 3_000);
        assertThat(budget.isExhausted()).isFalse();
        budget.take(0); // what holds nothing costs something, too
        assertThat(budget.isExhausted()).isTrue();
        budget.giveBack(0);
        assertThat(budget.isExhausted()).isFalse();
        budget.take(5_000);
        assertThat(budget.isExhausted()).isTrue();
        budget.giveBack(all - 3_000);
        assertThat(budget.isExhausted()).isFalse();
    }

    @Test
    void a_little_is_always_there_and_nobody_asks_for_the_limit() {
        Budget budget = new Budget(() -> {
            throw new AssertionError("asked");
        });
        budget.take(1 << 20);
        assertThat(budget.isExhausted()).isFalse();
    }

    @Test
    void a_failure_of_our_own_is_told() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, UTF_8));
        EmbeddedChannel channel = new EmbeddedChannel();
        try (IoThread io = new IoThread()) {
            Dialler dialler = new Dialler(() -> Loopback.at(1), InetAddress::getAllByName, io);
            LinkFront front = new LinkFront(Line.named("kv"), dialler, io, SystemTime.CLOCK, () -> {}, () -> {});
            channel.pipeline().addLast(new Connection(front, channel).upstream());
            channel.pipeline().fireExceptionCaught(new SocketException("Connection reset"));
            assertThat(log.toString(UTF_8)).isEmpty();
            EmbeddedChannel other = new EmbeddedChannel();
            other.pipeline().addLast(new Connection(front, other).upstream());
            other.pipeline().fireExceptionCaught(new OutOfMemoryError("no direct memory"));
            assertThat(other.isOpen()).isFalse();
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(UTF_8)).contains("link kv: ").contains("no direct memory");
    }
}
