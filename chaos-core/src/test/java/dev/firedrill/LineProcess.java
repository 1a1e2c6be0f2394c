package dev.firedrill;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A {@link LineServer} in a process of its own, to be killed, stopped and started again. */
public final class LineProcess {

    private LineProcess() {}

    public static LocalProcess spec() {
        return LocalProcess.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-cp",
                        Stream.of(LineProcess.class, Chaos.class)
                                .map(LineProcess::folder)
                                .collect(Collectors.joining(File.pathSeparator)),
                        LineProcess.class.getName(),
                        "{port}")
                .ports(7000);
    }

    private static String folder(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString();
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        System.out.println("a line server");
        try (LineServer server = new LineServer(Integer.parseInt(args[0]))) {
            System.out.println("listens on " + server.upstream());
            new CountDownLatch(1).await();
        }
    }
}
