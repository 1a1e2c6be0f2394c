package dev.firedrill;

import static java.time.Duration.ofMillis;

import dev.firedrill.embedded.EmbeddedRedis;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Kill;
import dev.firedrill.fault.Pause;
import dev.firedrill.fault.Restart;
import dev.firedrill.fault.Stop;
import dev.firedrill.schedule.Schedule;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A JVM in the middle of an experiment, to be ended from outside or by its own body. */
final class VictimProgram {

    private static final Map<String, Fault> FAULTS =
            Map.of("kill", new Kill(), "pause", new Pause(), "stop", new Stop(), "restart", new Restart());

    private VictimProgram() {}

    public static void main(String[] arguments) {
        System.out.println("begun");
        Chaos chaos = Chaos.builder().home(Path.of(arguments[0])).reports(null).start();
        Service redis = chaos.service("redis", EmbeddedRedis.durable());
        Service worker = chaos.service("worker", LocalProcess.of("sh", "-c", "sleep 300 & wait"));
        System.out.println("started");
        switch (arguments[1]) {
            case "hold" -> await();
            case "exit" ->
                chaos.experiment("exit")
                        .inject(new Pause(), redis)
                        .inject(new Kill(), worker)
                        .run(drill -> System.exit(3));
            default -> faultAfterFault(chaos, FAULTS.get(arguments[1]), redis, worker);
        }
    }

    private static void faultAfterFault(Chaos chaos, Fault fault, Service redis, Service worker) {
        boolean ends = fault.reversal() == Fault.Reversal.ENDS_BY_ITSELF;
        Schedule schedule = ends ? Schedule.now() : Schedule.now().lasting(ofMillis(100));
        while (true) {
            chaos.experiment("fault after fault")
                    .inject(fault, redis, schedule)
                    .inject(fault, worker, schedule)
                    .observe(drill -> {
                        drill.awaitActive();
                        System.out.println("in force");
                    });
        }
    }

    private static void await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
