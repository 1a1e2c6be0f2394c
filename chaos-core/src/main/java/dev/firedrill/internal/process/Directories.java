package dev.firedrill.internal.process;

import dev.firedrill.ChaosException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Removes directories that Firedrill made. */
public final class Directories {

    private Directories() {}

    /**
     * Removes a directory with all that is in it.
     *
     * @param directory the directory
     * @return false if there was none
     * @throws ChaosException if it can't be removed
     */
    public static boolean delete(Path directory) {
        if (!Files.exists(directory)) {
            return false;
        }
        // a dying process may still be writing, so a second look may be needed
        IOException last = null;
        for (int round = 0; round < 5; round++) {
            try {
                for (Path each : deepestFirst(directory)) {
                    Files.deleteIfExists(each);
                }
                return true;
            } catch (IOException e) {
                last = e;
            }
        }
        throw new ChaosException(
                "the directory " + directory + " can't be removed: " + last, last == null ? new IOException() : last);
    }

    private static List<Path> deepestFirst(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw new IOException(e);
        }
    }
}
