package dev.firedrill.embedded;

import dev.firedrill.Chaos;
import dev.firedrill.ChaosException;
import java.nio.file.Path;

/** Starts a server in a JVM of its own, says so or why not, and ends it. */
final class ServerProgram {

    private ServerProgram() {}

    public static void main(String[] arguments) {
        try (Chaos chaos =
                Chaos.builder().home(Path.of(arguments[0])).reports(null).start()) {
            chaos.service(
                    "server",
                    arguments[1].equals("redis") ? EmbeddedRedis.process() : EmbeddedPostgres.database("shop"));
            System.out.println("it runs");
        } catch (ChaosException e) {
            System.out.println(e.getMessage());
        }
    }
}
