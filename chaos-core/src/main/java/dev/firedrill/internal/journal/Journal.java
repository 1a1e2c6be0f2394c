package dev.firedrill.internal.journal;

import dev.firedrill.ChaosException;
import dev.firedrill.spi.TimeSource;
import dev.firedrill.spi.UndoRecord;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How to undo what is being done, on disk before it is done.
 *
 * <p>One file for each open journal, locked as long as it is open; a later start replays only the files that nobody holds.
 * Safe for concurrent use.
 *
 * <pre>
 *   {"pid":4711,"started":"2026-11-24T05:00:00Z"}
 *   {"id":1,"engine":"node","action":"end-process","what":"redis","data":{...}}
 *   {"done":1}
 * </pre>
 */
public final class Journal implements AutoCloseable {

    private static final int MAX_IN_ONE_JVM = 10_000;

    private final Path file;

    // never a channel: an interrupted thread closes the channel that it writes to, and the lock is lost with it
    private final RandomAccessFile out;
    private final Set<Long> open = new HashSet<>();
    private long lastId;
    private boolean torn;
    private boolean closed;

    private Journal(Path file, RandomAccessFile out) {
        this.file = file;
        this.out = out;
    }

    /**
     * Opens a new journal.
     *
     * @param directory where; made if it is missing
     * @param time for the header
     * @return the journal, locked
     * @throws ChaosException if the directory can't be written
     */
    public static Journal open(Path directory, TimeSource time) {
        try {
            Files.createDirectories(directory);
            for (int i = 0; i < MAX_IN_ONE_JVM; i++) {
                Journal journal = create(directory.resolve(prefix() + i + ".jsonl"));
                if (journal != null) {
                    journal.append(Entries.header(ProcessHandle.current().pid(), time.now()));
                    return journal;
                }
            }
            throw new ChaosException("more than " + MAX_IN_ONE_JVM + " journals of this JVM are in " + directory
                    + "; close each Chaos that is no longer needed");
        } catch (IOException e) {
            throw new ChaosException(
                    "the journal can't be written in " + directory + ": " + e.getMessage()
                            + "; make the folder writable, or set another with Chaos.builder().home(...)",
                    e);
        }
    }

    private static @Nullable Journal create(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            return null;
        }
        RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw");
        FileLock lock = out.getChannel().tryLock();
        // a JVM that recovers may have taken the new, empty file for an orphan and removed it
        if (lock == null || !Files.exists(file)) {
            out.close();
            return null;
        }
        return new Journal(file, out);
    }

    /** Names of this very process: a lock is lost when any channel of its file is closed, so these are never opened again. */
    private static String prefix() {
        ProcessHandle self = ProcessHandle.current();
        long start = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return "journal-" + self.pid() + "-" + start + "-";
    }

    /**
     * Writes a record and forces it to disk.
     *
     * @param record how to undo what will be done
     * @return its number, for {@link #done}; -1 for {@link UndoRecord#DIES_WITH_JVM}, which is not written
     * @throws ChaosException if it can't be written; nothing may be done then
     */
    public synchronized long write(UndoRecord record) {
        if (record.equals(UndoRecord.DIES_WITH_JVM)) {
            return -1;
        }
        long id = ++lastId;
        try {
            append(Entries.record(id, record));
            out.getFD().sync();
        } catch (IOException e) {
            throw new ChaosException(
                    "how to undo " + record.what() + " can't be written to " + file + ": " + e.getMessage()
                            + "; nothing was done",
                    e);
        }
        open.add(id);
        return id;
    }

    /**
     * Notes that a record needs no undoing any more.
     *
     * @param id what {@link #write} returned; -1 and numbers that are done already are ignored
     */
    public synchronized void done(long id) {
        if (open.remove(id) && !closed) {
            try {
                append(Entries.done(id));
            } catch (IOException e) {
                throw new ChaosException("the journal can't be written to " + file + ": " + e.getMessage(), e);
            }
        }
    }

    private void append(String line) throws IOException {
        byte[] bytes = ((torn ? "\n" : "") + line + "\n").getBytes(StandardCharsets.UTF_8);
        torn = true; // a full disk may take a part of the line
        out.write(bytes);
        torn = false;
    }

    /** Releases the journal; its file goes if nothing is left to undo, and stays for the next start otherwise. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            if (open.isEmpty()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new ChaosException("the journal " + file + " can't be closed: " + e.getMessage(), e);
        }
    }

    /**
     * Undoes what JVMs that are gone had left, newest first.
     *
     * @param directory where their journals are
     * @param undo undoes one record and says what it did; empty if there was nothing to do
     * @return one line for each thing that was undone or could not be
     */
    public static synchronized List<String> recover(Path directory, Function<UndoRecord, String> undo) {
        List<String> lines = new ArrayList<>();
        for (Path each : journals(directory)) {
            try (FileChannel channel = FileChannel.open(each, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                if (channel.tryLock() != null) {
                    replay(each, channel, undo, lines);
                }
            } catch (OverlappingFileLockException e) {
                // another start in this JVM, from another class loader, is at it
            } catch (IOException e) {
                if (Files.exists(each)) { // otherwise another start was faster
                    lines.add("the journal " + each + " could not be read: " + e.getMessage());
                }
            }
        }
        return lines;
    }

    private static List<Path> journals(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(each -> each.getFileName().toString().matches("journal-.*\\.jsonl"))
                    .filter(each -> !each.getFileName().toString().startsWith(prefix()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new ChaosException("the folder " + directory + " can't be read: " + e.getMessage(), e);
        }
    }

    private static void replay(Path file, FileChannel channel, Function<UndoRecord, String> undo, List<String> lines)
            throws IOException {
        Map<Long, UndoRecord> left = new LinkedHashMap<>();
        String owner = read(channel, left);
        List<Map.Entry<Long, UndoRecord>> newestFirst = new ArrayList<>(left.entrySet());
        Collections.reverse(newestFirst);
        boolean clean = true;
        for (Map.Entry<Long, UndoRecord> entry : newestFirst) {
            try {
                String did = undo.apply(entry.getValue());
                if (!did.isEmpty()) {
                    lines.add(did + ", left by " + owner);
                }
                // on a line of its own, for the last one may be torn
                byte[] done = ("\n" + Entries.done(entry.getKey()) + "\n").getBytes(StandardCharsets.UTF_8);
                channel.write(ByteBuffer.wrap(done), channel.size());
            } catch (RuntimeException e) {
                clean = false;
                lines.add("could not undo " + entry.getValue().action() + " of "
                        + entry.getValue().what() + ", left by " + owner + ": " + e.getMessage()
                        + "; the next start tries again");
            }
        }
        if (clean) {
            Files.deleteIfExists(file);
        }
    }

    private static String read(FileChannel channel, Map<Long, UndoRecord> left) throws IOException {
        // not closed: that would close the channel, and the lock would be lost
        byte[] bytes = Channels.newInputStream(channel).readAllBytes();
        String owner = "an earlier run";
        for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
            owner = Entries.read(line, owner, left);
        }
        return owner;
    }
}
