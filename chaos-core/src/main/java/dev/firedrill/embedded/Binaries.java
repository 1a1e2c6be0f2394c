package dev.firedrill.embedded;

import dev.firedrill.internal.SystemTime;
import dev.firedrill.internal.process.Directories;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.JarURLConnection;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.JarFile;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Programs out of artifacts, unpacked once a machine.
 *
 * <p>One JVM at a time unpacks, into a folder that gets its name only when it is whole: what a JVM that was killed had
 * begun is never used, and removed by the next.
 */
final class Binaries {

    private static final String FOLDER = "chaos.cache.dir";
    private static final Duration OTHERS_TAKE = Duration.ofMinutes(2);

    private Binaries() {}

    /** Writes an artifact's content into a folder. */
    @FunctionalInterface
    interface Unpacker {
        void unpack(InputStream in, Path into) throws IOException;
    }

    /** The folder with what is in a resource. */
    static Path unpacked(URL resource, Unpacker unpacker) throws IOException {
        String file = resource.getPath().substring(resource.getPath().lastIndexOf('/') + 1);
        Path folder = cache().resolve(file + "-" + fingerprint(resource));
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try (FileChannel channel = FileChannel.open(
                        folder.resolveSibling(folder.getFileName() + ".lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock lock = lock(channel, folder)) {
            if (lock.isValid() && !Files.isDirectory(folder)) {
                Path part = folder.resolveSibling(folder.getFileName() + ".part");
                Directories.delete(part);
                Files.createDirectory(part);
                try (InputStream in = resource.openStream()) {
                    unpacker.unpack(in, part);
                }
                Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
            }
            return folder;
        }
    }

    private static Path cache() throws IOException {
        String chosen = System.getProperty(FOLDER);
        Path cache = chosen != null ? Path.of(chosen) : Path.of(System.getProperty("user.home"), ".cache", "firedrill");
        try {
            if (chosen == null && !Files.isDirectory(Path.of(System.getProperty("user.home")))) {
                throw new IOException("the user has no home");
            }
            return Files.createDirectories(cache.toAbsolutePath());
        } catch (IOException e) {
            throw new IOException(
                    "the folder " + cache + " for unpacked programs can't be made (" + e + "); set another with -D"
                            + FOLDER + "=FOLDER",
                    e);
        }
    }

    private static FileLock lock(FileChannel channel, Path folder) throws IOException {
        long end = SystemTime.CLOCK.nanos() + OTHERS_TAKE.toNanos();
        while (SystemTime.CLOCK.nanos() - end < 0) {
            FileLock lock = tryLock(channel);
            if (lock != null) {
                return lock;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted while another JVM unpacks " + folder);
            }
            LockSupport.parkNanos(20_000_000L);
        }
        throw new IOException("another JVM unpacks " + folder + " for more than 2 minutes");
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another thread of this JVM has it
        }
    }

    /** Tells two versions with one name apart; a jar knows it without reading. */
    private static String fingerprint(URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        connection.setUseCaches(false);
        if (connection instanceof JarURLConnection jar) {
            try (JarFile file = jar.getJarFile()) {
                return Long.toHexString(file.getEntry(jar.getEntryName()).getCrc());
            }
        }
        try (CheckedInputStream in = new CheckedInputStream(connection.getInputStream(), new CRC32())) {
            in.transferTo(OutputStream.nullOutputStream());
            return Long.toHexString(in.getChecksum().getValue());
        }
    }

    static void makeExecutable(Path file) throws IOException {
        if (!file.toFile().setExecutable(true)) {
            throw new IOException(file + " can't be made executable");
        }
    }

    static IOException missing(String server, String artifact, Throwable cause) {
        return new IOException(
                "there is no " + server + " on the class path; add the artifact " + artifact
                        + " to the test class path",
                cause);
    }

    static Socket connect(InetSocketAddress address, int millis) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address, millis);
            socket.setSoTimeout(millis);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
