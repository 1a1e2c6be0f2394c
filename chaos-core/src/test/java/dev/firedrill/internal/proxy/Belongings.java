package dev.firedrill.internal.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The threads and sockets of this JVM at one moment. */
record Belongings(Set<Thread> threads, Set<String> sockets) {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    static Belongings now() throws IOException {
        return new Belongings(allThreads(), sockets(DESCRIPTORS));
    }

    private static Set<Thread> allThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("awaitility")) // it is who asks
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Empty where the system does not show them. */
    private static Set<String> sockets(Path descriptors) throws IOException {
        if (!Files.isDirectory(descriptors)) {
            return Set.of();
        }
        try (Stream<Path> all = Files.list(descriptors)) {
            return all.map(Belongings::target)
                    .filter(target -> target.startsWith("socket:"))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return ""; // it was closed meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The threads that are here now and were not there then. */
    List<String> threadsSince(Belongings then) {
        Set<Thread> more = new HashSet<>(threads);
        more.removeAll(then.threads);
        return more.stream().map(Thread::getName).sorted().toList();
    }

    /** The sockets that are open now and were not then. */
    Set<String> socketsSince(Belongings then) {
        Set<String> more = new HashSet<>(sockets);
        more.removeAll(then.sockets);
        return more;
    }
}
