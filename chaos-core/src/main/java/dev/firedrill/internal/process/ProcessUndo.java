package dev.firedrill.internal.process;

public final class ProcessUndo {
    public static String undo(dev.firedrill.spi.UndoRecord r) {
        return "";
    }
}
