package dev.firedrill.internal.proxy;

import static java.time.Duration.ofMillis;

import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** On a real Toxiproxy alone. */
@Tag("docker")
class FlappingIT extends Flapping {

    private static LocalToxiproxy toxiproxy;

    @BeforeAll
    static void startToxiproxy() throws IOException {
        toxiproxy = LocalToxiproxy.start();
    }

    @AfterAll
    static void endToxiproxy() {
        toxiproxy.close();
    }

    @Override
    Map<String, String> settings() {
        return Map.of("chaos.engine", "toxiproxy", "chaos.toxiproxy", "127.0.0.1:" + toxiproxy.port());
    }

    @Override
    int flaps() {
        return 400;
    }

    /** What one toxic holds has to pass the next before Toxiproxy's API answers: with a slow or a stalled one that is never. */
    @Override
    int window() {
        return 1 << 14;
    }

    @Override
    int atOnce() {
        return 1;
    }

    @Override
    Fault lossless(Random random, Direction direction) {
        return switch (random.nextInt(5)) {
            case 0 -> new Bandwidth(new DataRate(1_000L * (5_000 + random.nextInt(20_000))), direction);
            case 1 -> new SlowClose(ofMillis(random.nextInt(5)), direction);
            case 2 -> new Slice(4_000 + random.nextInt(9_000), random.nextInt(1_000), ofMillis(0), direction);
            default -> new Latency(ofMillis(1 + random.nextInt(4)), ofMillis(random.nextInt(2)), direction);
        };
    }
}
