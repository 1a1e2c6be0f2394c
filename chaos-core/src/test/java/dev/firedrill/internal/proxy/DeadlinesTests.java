package dev.firedrill.internal.proxy;

import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firedrill.internal.SystemTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTests {

    private static final int WAKES = 100;

    private final IoThread io = new IoThread();
    private final Deadlines deadlines = new Deadlines(SystemTime.CLOCK, io.loop());

    @AfterEach
    void end() {
        io.close();
    }

    @Test
    void what_is_to_happen_happens_in_order_and_never_early() throws InterruptedException {
        List<Long> late = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(WAKES);

        io.run("set the alarms", () -> {
            long now = deadlines.now();
            for (int i = 0; i < WAKES; i++) {
                int number = i;
                long at = now + MICROSECONDS.toNanos(700L * i);
                deadlines.at(at, () -> {
                    late.add(deadlines.now() - at);
                    order.add(number);
                    all.countDown();
                });
            }
        });

        assertThat(all.await(10, SECONDS)).isTrue();
        io.run("see what has happened", () -> {
            assertThat(late).allMatch(nanos -> nanos >= 0);
            assertThat(order).isSorted();
        });
    }

    @Test
    void what_is_cancelled_does_not_happen() throws InterruptedException {
        CountDownLatch cancelled = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);

        io.run("set two alarms", () -> {
            Deadlines.Wake first = deadlines.at(deadlines.now() + MICROSECONDS.toNanos(500), cancelled::countDown);
            deadlines.at(deadlines.now() + MICROSECONDS.toNanos(1_000), other::countDown);
            deadlines.cancel(first);
        });

        assertThat(other.await(10, SECONDS)).isTrue();
        assertThat(cancelled.getCount()).isOne();
    }
}
