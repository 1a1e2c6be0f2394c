package dev.firedrill.internal.proxy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;

import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.Latency;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import java.util.Map;
import java.util.Random;

/** On the embedded engine. */
class FlappingTests extends Flapping {

    @Override
    Map<String, String> settings() {
        return Map.of();
    }

    @Override
    int flaps() {
        return 1_000;
    }

    @Override
    int atOnce() {
        return 4;
    }

    @Override
    int window() {
        return 1 << 20;
    }

    @Override
    Fault lossless(Random random, Direction direction) {
        return switch (random.nextInt(9)) {
            case 0 -> new Bandwidth(new DataRate(0), direction);
            case 1 -> new Bandwidth(new DataRate(1_000_000 + random.nextInt(20_000_000)), direction);
            case 2 -> new ResetPeer(ofHours(1), direction);
            case 3 ->
                new Slice(1_000 + random.nextInt(9_000), random.nextInt(1_000), ofMillis(random.nextInt(2)), direction);
            case 4 -> new SlowClose(ofMillis(random.nextInt(5)), direction);
            case 5 -> new Disconnect(ofHours(1));
            case 6 -> new PacketLoss(0.05, ofMillis(1), direction);
            default -> new Latency(ofMillis(1 + random.nextInt(4)), ofMillis(random.nextInt(2)), direction);
        };
    }
}
