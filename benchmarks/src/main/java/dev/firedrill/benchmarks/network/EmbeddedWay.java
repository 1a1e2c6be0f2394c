package dev.firedrill.benchmarks.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The embedded engine in a JVM of its own, with the JVM's own defaults. */
final class EmbeddedWay extends Way {

    private final Child child;
    private final int echoPort;
    private final int sinkPort;

    EmbeddedWay(Setting setting, Servers servers) throws IOException {
        child = Child.talking(
                setting,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        EmbeddedMain.class.getName(),
                        Files.createTempDirectory(setting.work(), "home").toString(),
                        String.valueOf(servers.echoPort()),
                        String.valueOf(servers.sinkPort())));
        String[] ports = child.answer().split(" ", -1);
        echoPort = Integer.parseInt(ports[0]);
        sinkPort = Integer.parseInt(ports[1]);
    }

    @Override
    Child process() {
        return child;
    }

    @Override
    int echoPort() {
        return echoPort;
    }

    @Override
    int sinkPort() {
        return sinkPort;
    }

    @Override
    void slow(int latencies, int millis, boolean bothDirections) throws IOException {
        child.ask(EmbeddedMain.SLOW + " " + latencies + " " + millis + " " + bothDirections);
    }

    @Override
    void heal() throws IOException {
        child.ask(EmbeddedMain.HEAL);
    }

    @Override
    double allocatedBytes() throws IOException {
        return Double.parseDouble(child.ask(EmbeddedMain.ALLOCATED));
    }
}
