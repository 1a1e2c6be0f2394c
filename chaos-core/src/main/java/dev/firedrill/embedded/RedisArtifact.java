package dev.firedrill.embedded;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

/** The one place that knows the artifact. */
final class RedisArtifact {

    private RedisArtifact() {}

    static Path program() throws IOException {
        OsArchitecture machine = OsArchitecture.detectOSandArchitecture();
        String name = ExecutableProvider.newProvidedVersionsMap().get(machine);
        URL resource = name == null ? null : ExecutableProvider.class.getResource(name);
        if (resource == null) {
            throw new IOException("com.github.codemonstur:embedded-redis has no Redis for " + machine.os + " on "
                    + machine.arch + "; install one and declare it with LocalProcess.of(\"redis-server\", ...)");
        }
        Path folder = Binaries.unpacked(resource, (in, into) -> {
            Path program = into.resolve("redis-server");
            Files.copy(in, program);
            Binaries.makeExecutable(program);
        });
        return folder.resolve("redis-server");
    }
}
