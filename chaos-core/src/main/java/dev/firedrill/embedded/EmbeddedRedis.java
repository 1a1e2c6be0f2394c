package dev.firedrill.embedded;

import dev.firedrill.LocalProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Redis from the artifact {@code com.github.codemonstur:embedded-redis}, as a process of a service.
 *
 * <p>It is known under port {@value #PORT} and listens on 127.0.0.1 only. It is ready when it answers {@code PING}, so not
 * while it still loads its data. Change it with the methods of {@link LocalProcess}; {@link LocalProcess#args} takes Redis'
 * own options, such as {@code "--maxmemory", "10mb"}.
 *
 * @since 0.1
 */
public final class EmbeddedRedis {

    /** The port that the service is known under. */
    public static final int PORT = 6379;

    private static final int LOOK_MILLIS = 1_000;

    private EmbeddedRedis() {}

    /**
     * Redis with its own defaults, as a cache is run: it saves its data when it is stopped in an orderly way and now and then
     * in between. A kill loses all that was written since.
     *
     * @return the process
     */
    public static LocalProcess process() {
        return LocalProcess.of("{dir}/redis-server", "--port", "{port}", "--bind", "127.0.0.1", "--dir", "{dir}")
                .ports(PORT)
                .setup(EmbeddedRedis::prepare)
                .ready((port, address) -> answers(address));
    }

    /**
     * Redis as a database is run: each write is on disk before it is acknowledged ({@code appendfsync always}), so that a
     * kill loses nothing that was acknowledged. Slower than {@link #process}.
     *
     * @return the process
     */
    public static LocalProcess durable() {
        return process().args("--appendonly", "yes", "--appendfsync", "always");
    }

    private static void prepare(Path directory) throws IOException {
        // a link, and found at each start only: a plan can be made and looked at without unpacking anything
        Files.createSymbolicLink(directory.resolve("redis-server"), program());
    }

    private static Path program() throws IOException {
        try {
            return RedisArtifact.program();
        } catch (NoClassDefFoundError e) {
            throw Binaries.missing("Redis", "com.github.codemonstur:embedded-redis", e);
        }
    }

    /** Any answer will do but that it is still loading; one that wants a password works, too. */
    private static boolean answers(InetSocketAddress address) throws IOException {
        try (var socket = Binaries.connect(address, LOOK_MILLIS)) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
            return List.of("+PONG", "-NOAU").contains(answer);
        }
    }
}
