package dev.firedrill;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;

/** Two JVMs lead their links through a Toxiproxy that belongs to neither, and each leaves the other's proxies alone. */
@Tag("docker")
class TwoJvmsOnOneToxiproxyIT {

    static GenericContainer<?> toxiproxy;
    static ToxiproxyClient client;
    static String address;

    @TempDir
    Path folder;

    /** On the host's network, for the ports that it opens later can't be published. */
    @BeforeAll
    static void start_toxiproxy() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        toxiproxy = new GenericContainer<>("ghcr.io/shopify/toxiproxy:2.12.0")
                .withNetworkMode("host")
                .withCommand("-host=127.0.0.1", "-port=" + port)
                .waitingFor(new AbstractWaitStrategy() {
                    @Override
                    protected void waitUntilReady() {}
                });
        toxiproxy.start();
        client = new ToxiproxyClient("127.0.0.1", port);
        address = "127.0.0.1:" + port;
        await().atMost(ofSeconds(20)).ignoreExceptions().until(() -> client.version() != null);
    }

    @AfterAll
    static void stop_it() {
        toxiproxy.stop();
    }

    private JavaProgram program(String home, int delay) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(JavaProgram.command(
                SharedToxiproxyProgram.class, folder.resolve(home).toString(), address, String.valueOf(delay)));
        builder.environment().put("TESTCONTAINERS_RYUK_DISABLED", "true");
        return JavaProgram.start(Files.createTempFile(folder, "output", ""), builder);
    }

    private static void awaitRounds(JavaProgram program, int number) {
        await().pollInterval(ofMillis(20))
                .atMost(ofMinutes(1))
                .until(() -> program.said("round " + number) || !program.isAlive());
        assertThat(program.said("round " + number)).as(program.output()).isTrue();
    }

    private static List<String> proxies(JavaProgram of) throws IOException {
        List<String> names = new ArrayList<>();
        for (Proxy each : client.getProxies()) {
            if (each.getName().startsWith("firedrill-" + of.pid() + "-")) {
                names.add(each.getName());
            }
        }
        return names;
    }

    @Test
    void neither_feels_the_others_faults_nor_deletes_its_proxies() throws Exception {
        try (JavaProgram one = program("one", 400);
                JavaProgram other = program("other", 800)) {
            awaitRounds(one, 4);
            awaitRounds(other, 2);
            assertThat(proxies(one)).hasSize(2);
            assertThat(proxies(other)).hasSize(2);

            other.kill();
            other.awaitEnd(ofSeconds(10));
            assertThat(other.output()).doesNotContain("cross-talk");
            assertThat(proxies(other)).as("nobody could delete them").hasSize(2);

            int round = (int) one.output()
                    .lines()
                    .filter(line -> line.startsWith("round "))
                    .count();
            try (Chaos next =
                    Chaos.builder().home(folder.resolve("other")).reports(null).start()) {
                assertThat(next.leftovers())
                        .noneMatch(line -> line.startsWith("could not"))
                        .filteredOn(line -> line.startsWith("deleted the proxy firedrill-" + other.pid()))
                        .hasSize(2);
            }
            assertThat(proxies(other)).isEmpty();
            assertThat(DockerEngine.madeBy(other.pid())).isEmpty();
            assertThat(proxies(one)).hasSize(2);

            awaitRounds(one, round + 2);
            one.say("end");
            assertThat(one.awaitEnd(ofSeconds(20))).as(one.output()).isZero();
            assertThat(one.output()).contains("ended").doesNotContain("cross-talk");
            assertThat(proxies(one)).isEmpty();
            assertThat(DockerEngine.madeBy(one.pid())).isEmpty();
        }
    }
}
