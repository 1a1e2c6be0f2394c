package dev.firedrill.internal.process;

import dev.firedrill.*;
import dev.firedrill.spi.*;
import java.net.*;
import java.nio.file.Path;
import java.util.*;

public final class ProcessControl implements NodeControl {
    public ProcessControl(
            String n,
            LocalProcess p,
            Map<String, String> a,
            Path h,
            dev.firedrill.internal.journal.Journal j,
            TimeSource t) {}

    public static void validate(String n, LocalProcess p, Collection<String> s) {}

    public String start() {
        return "";
    }

    public boolean isAlive() {
        return true;
    }

    public boolean isReady() {
        return true;
    }

    public InetSocketAddress endpoint(int p) {
        return null;
    }

    public void kill() {}

    public String stop() {
        return "";
    }

    public void pause() {}

    public void resume() {}

    public UndoRecord undoPause() {
        return null;
    }

    public String ending() {
        return "";
    }

    public List<String> output(int l) {
        return List.of();
    }

    public void close() {}
}
