package dev.firedrill.internal.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/** The numbers from 0, four bytes each, as a stream in which a lost or misplaced byte shows. */
final class Numbers {

    private static final int LARGEST_BATCH = 2_000;

    private Numbers() {}

    /** Sends numbers in batches of random sizes while they are wanted, as many ahead as the window has; returns how many. */
    static int send(Peer to, Random sizes, IntPredicate wanted, Semaphore window)
            throws IOException, InterruptedException {
        int next = 0;
        while (wanted.test(next)) {
            int length = 1 + sizes.nextInt(LARGEST_BATCH);
            if (!window.tryAcquire(length, Peer.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("behind " + next + " nothing has arrived for " + Peer.PATIENCE);
            }
            ByteBuffer batch = ByteBuffer.allocate(4 * length);
            while (batch.hasRemaining()) {
                batch.putInt(next++);
            }
            to.send(batch.array());
        }
        return next;
    }

    /** Receives until the end of the stream; returns how many numbers there were, all of them in order. */
    static int receive(Peer from, Semaphore window) throws IOException {
        InputStream in = from.input();
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
        int next = 0;
        int length = in.read(bytes.array());
        while (length >= 0) {
            bytes.limit(bytes.position() + length).position(0);
            int before = next;
            while (bytes.remaining() >= 4) {
                int number = bytes.getInt();
                if (number != next) {
                    throw new AssertionError("expected " + next + " but there came " + number);
                }
                next++;
            }
            window.release(next - before);
            bytes.compact();
            length = in.read(bytes.array(), bytes.position(), bytes.remaining());
        }
        if (bytes.position() > 0) {
            throw new AssertionError("behind " + next + " the stream ends in the middle of a number");
        }
        return next;
    }
}
