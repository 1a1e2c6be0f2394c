package dev.firedrill;

import dev.firedrill.spi.TimeSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the journal and the nodes' data are. */
final class Homes {

    private Homes() {}

    static Path of(@Nullable Path chosen) {
        return chosen != null
                ? chosen
                : Path.of(System.getProperty("java.io.tmpdir"), "firedrill-" + System.getProperty("user.name"));
    }

    static Path node(Path home, String node, TimeSource time) {
        String life = ProcessHandle.current().pid() + "-" + Long.toHexString(time.nanos());
        return home.resolve("nodes").resolve(life + "-" + node.replaceAll("[\\[\\]]", "_"));
    }
}
