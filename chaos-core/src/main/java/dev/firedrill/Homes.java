package dev.firedrill;

import dev.firedrill.internal.process.ProcessUndo;
import dev.firedrill.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Where the journal and the nodes' data are. */
final class Homes {

    private Homes() {}

    /** Makes the folder for this user alone: what is in its journals is done, processes ended and folders removed. */
    static Path prepare(@Nullable Path chosen) {
        String user = System.getProperty("user.name");
        Path home = chosen != null ? chosen : Path.of(System.getProperty("java.io.tmpdir"), "firedrill-" + user);
        try {
            if (!Files.isDirectory(home)) {
                Files.createDirectories(home);
                if (home.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
                }
            }
            String owner = Files.getOwner(home).getName();
            String name = owner.substring(owner.indexOf('\\') + 1);
            if (chosen == null && !name.equals(user) && !name.equals("root")) {
                throw new ChaosException("the folder " + home + " belongs to " + owner + " and not to " + user
                        + ", so its journals can't be trusted; remove it, or set another with"
                        + " Chaos.builder().home(...)");
            }
            return home.toRealPath();
        } catch (IOException e) {
            throw new ChaosException(
                    "the journal can't be written in " + home + ": " + e
                            + "; make the folder writable, or set another with Chaos.builder().home(...)",
                    e);
        }
    }

    static Path node(Path home, String node, TimeSource time) {
        String life = ProcessHandle.current().pid() + "-" + Long.toHexString(time.nanos());
        return ProcessUndo.directory(home, life + "-" + node.replaceAll("[\\[\\]]", "_"));
    }
}
