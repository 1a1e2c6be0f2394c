package dev.firedrill;

import dev.firedrill.fault.Fault;
import dev.firedrill.spi.ActiveFault;
import dev.firedrill.spi.Engine;
import dev.firedrill.spi.Occurrence;
import dev.firedrill.spi.Prepared;
import dev.firedrill.spi.Resolved;
import dev.firedrill.spi.Support;
import dev.firedrill.spi.UndoRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a user would write: an engine of their own for a fault of their own, made with the public types only. */
final class FileEngine implements Engine {

    /** A file of the node's that is not there. */
    record Mislaid(Path file, Reversal reversal) implements Fault {

        Mislaid(Path file) {
            this(file, Reversal.REVERSIBLE);
        }

        @Override
        public String kind() {
            return "mislaid-file";
        }

        @Override
        public Place place() {
            return Place.NODE;
        }
    }

    final List<String> calls = new CopyOnWriteArrayList<>();
    private final String name;
    Runnable beforeActivate = () -> {};
    Runnable beforeHeal = () -> {};
    String recordName;
    boolean blind;

    FileEngine(String name) {
        this.name = name;
        this.recordName = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Support supports(Fault fault, Resolved target) {
        return fault instanceof Mislaid ? Support.YES : Support.no("it makes mislaid-file only");
    }

    private static Path aside(Path file) {
        return file.resolveSibling(file.getFileName() + ".mislaid");
    }

    @Override
    public Prepared prepare(Occurrence occurrence) {
        Path file = ((Mislaid) occurrence.step().fault()).file();
        calls.add("prepare " + occurrence.number());
        return new Prepared() {
            @Override
            public UndoRecord undo() {
                return new UndoRecord(recordName, "put-back", file.getFileName() + "", Map.of("file", file.toString()));
            }

            @Override
            public ActiveFault activate() {
                calls.add("activate " + occurrence.number());
                beforeActivate.run();
                move(file, aside(file));
                if (!blind) {
                    occurrence.target().nodes().forEach(occurrence.effects()::touched);
                }
                return () -> {
                    calls.add("heal " + occurrence.number());
                    beforeHeal.run();
                    move(aside(file), file);
                };
            }
        };
    }

    @Override
    public String undo(UndoRecord record) {
        calls.add("undo");
        Path file = Path.of(record.data().get("file"));
        if (!Files.exists(aside(file))) {
            return "";
        }
        move(aside(file), file);
        return "put " + record.what() + " back";
    }

    @Override
    public void close() {
        calls.add("close");
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException("can't move " + from.getFileName(), e);
        }
    }
}
