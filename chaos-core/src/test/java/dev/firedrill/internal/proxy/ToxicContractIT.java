package dev.firedrill.internal.proxy;

import dev.firedrill.internal.Loopback;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The real one. */
@Tag("docker")
class ToxicContractIT extends ToxicContract {

    private static LocalToxiproxy toxiproxy;

    @BeforeAll
    static void start() throws IOException {
        toxiproxy = LocalToxiproxy.start();
    }

    @AfterAll
    static void end() {
        toxiproxy.close();
    }

    @Override
    InetSocketAddress api() {
        return Loopback.at(toxiproxy.port());
    }
}
