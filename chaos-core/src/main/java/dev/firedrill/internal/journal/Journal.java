package dev.firedrill.internal.journal;

import dev.firedrill.spi.*;
import java.nio.file.Path;
import java.util.*;
import java.util.function.Function;

public final class Journal implements AutoCloseable {
    public static Journal open(Path d, TimeSource t) {
        return new Journal();
    }

    public long write(UndoRecord r) {
        return -1;
    }

    public void done(long e) {}

    public void close() {}

    public static List<String> recover(Path d, Function<UndoRecord, String> u) {
        return List.of();
    }
}
