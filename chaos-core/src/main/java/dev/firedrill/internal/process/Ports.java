package dev.firedrill.internal.process;

import dev.firedrill.ChaosException;
import dev.firedrill.internal.Loopback;
import java.io.IOException;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** Ports for processes. */
final class Ports {

    // below the range from which the kernel takes ports of its own, so that none is lost between the look and the start
    private static final int FIRST = 15_000;
    private static final int COUNT = 15_000;

    private Ports() {}

    static int free(long salt) {
        int start = (int) Math.floorMod((salt * 0x9E3779B97F4A7C15L) >>> 17, (long) COUNT);
        for (int i = 0; i < COUNT; i++) {
            int port = FIRST + (start + i) % COUNT;
            if (trouble(port) == null) {
                return port;
            }
        }
        throw new ChaosException("no port from " + FIRST + " to " + (FIRST + COUNT - 1) + " is free on 127.0.0.1");
    }

    static void checkFree(String node, int port) {
        String trouble = trouble(port);
        if (trouble != null) {
            throw new ChaosException("port " + port + " of " + node + " is already taken on 127.0.0.1 (" + trouble
                    + "); stop what listens there, or let Firedrill choose a port by writing {port} in the command");
        }
    }

    private static @Nullable String trouble(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(Loopback.at(port), 1);
            return null;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
