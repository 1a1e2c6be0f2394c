package dev.firedrill.internal.proxy;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

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
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.internal.proxy.Peer.Ending;
import dev.firedrill.internal.proxy.Rig.Injected;
import dev.firedrill.internal.proxy.Rig.Route;
import dev.firedrill.schedule.Schedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever a stream is cut into, and whatever faults that lose nothing it passes, it arrives as it was sent. */
class StreamTests {

    private static final List<Direction> WAYS = List.of(Direction.values());
    private static final int CASES = 60;

    @RegisterExtension
    final Rig rig = new Rig();

    @Test
    void any_stream_arrives_as_it_was_sent_through_any_chain_that_loses_nothing() throws Exception {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            List<Fault> chain = chain(random);
            byte[] up = bytes(random);
            byte[] down = bytes(random);
            boolean openBefore = random.nextBoolean();
            boolean healedBetween = random.nextBoolean();

            Route route = openBefore ? rig.connect() : null;
            List<Injected> injected = inject(chain);
            Route used = route != null ? route : rig.connect();
            Background<Boolean> caller = Background.run(() -> send(used.caller(), up, new Random(up.length)));
            Background<Boolean> service = Background.run(() -> send(used.service(), down, new Random(down.length)));
            Background<byte[]> received = Background.call(() -> used.service().receiveBytes(Integer.MAX_VALUE));
            if (healedBetween) {
                injected.remove(random.nextInt(injected.size())).heal();
            }

            String what = "seed " + seed + ": " + chain;
            assertThat(Arrays.equals(used.caller().receiveBytes(Integer.MAX_VALUE), down))
                    .as(what)
                    .isTrue();
            assertThat(Arrays.equals(received.result(Peer.PATIENCE), up))
                    .as(what)
                    .isTrue();
            assertThat(used.caller().ending()).as(what).isEqualTo(Ending.FIN);
            caller.result(Peer.PATIENCE);
            service.result(Peer.PATIENCE);
            used.caller().close();
            used.service().close();
            injected.forEach(Injected::heal);
        }
    }

    private static List<Fault> chain(Random random) {
        List<Fault> chain = new ArrayList<>();
        int length = 1 + random.nextInt(4);
        for (int i = 0; i < length; i++) {
            Direction direction = WAYS.get(random.nextInt(3));
            chain.add(
                    switch (random.nextInt(10)) {
                        case 0, 1 -> new Latency(ofMillis(random.nextInt(10)), ofMillis(0), direction);
                        case 2 -> new Latency(ofMillis(5), ofMillis(5), direction);
                        case 3 -> new Bandwidth(new DataRate(2_000_000 + random.nextInt(50_000_000)), direction);
                        case 4 ->
                            new Slice(
                                    2_000 + random.nextInt(9_000),
                                    random.nextInt(2_000),
                                    ofMillis(random.nextInt(3)),
                                    direction);
                        case 5 -> new SlowClose(ofMillis(random.nextInt(20)), direction);
                        case 6 -> new SlowConnect(ofMillis(1 + random.nextInt(20)));
                        case 7 -> new Disconnect(ofHours(1));
                        case 8 -> new PacketLoss(0.1, ofMillis(1 + random.nextInt(4)), direction);
                        default -> new ResetPeer(ofHours(1), direction);
                    });
        }
        return chain;
    }

    private List<Injected> inject(List<Fault> chain) {
        List<Injected> injected = new ArrayList<>();
        for (Fault fault : chain) {
            injected.add(rig.inject((injected.size() + 1) + "-" + fault.kind(), fault, Schedule.now()));
        }
        return injected;
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(5) == 0 ? random.nextInt(10) : random.nextInt(400_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void send(Peer to, byte[] bytes, Random sizes) throws IOException {
        int from = 0;
        while (from < bytes.length) {
            int end = Math.min(bytes.length, from + 1 + sizes.nextInt(sizes.nextInt(4) == 0 ? 100_000 : 2_000));
            to.send(Arrays.copyOfRange(bytes, from, end));
            from = end;
        }
        to.finish();
    }
}
