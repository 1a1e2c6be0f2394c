package dev.firedrill.internal.journal;

import dev.firedrill.internal.SystemTime;
import dev.firedrill.spi.UndoRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Another JVM at the same journals. */
final class JournalProgram {

    private JournalProgram() {}

    public static void main(String[] arguments) {
        Path home = Path.of(arguments[1]);
        if (arguments[0].equals("recover")) {
            System.out.println("ready");
            while (!Files.exists(home.resolve("go"))) {
                LockSupport.parkNanos(1_000_000);
            }
            Journal.recover(home, record -> "ended " + record.what()).forEach(System.out::println);
            return;
        }
        Journal journal = Journal.open(home, SystemTime.CLOCK);
        if (arguments[0].equals("interrupted")) {
            Thread.currentThread().interrupt();
        }
        journal.write(new UndoRecord("node", "end-process", "held", Map.of()));
        System.out.println("ready");
        while (true) {
            Thread.interrupted();
            LockSupport.park(journal);
        }
    }
}
