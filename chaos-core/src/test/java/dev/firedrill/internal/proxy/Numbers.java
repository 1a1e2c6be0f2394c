package dev.firedrill.internal.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.IntPredicate;

/** The numbers from 0, four bytes each, as a stream in which a lost or misplaced byte shows. */
final class Numbers {

    private static final int LARGEST_BATCH = 2_000;

    private Numbers() {}

    /** Sends numbers in batches of random sizes while they are wanted, then ends the stream; returns how many. */
    static int send(Peer to, Random sizes, IntPredicate wanted) throws IOException {
        int next = 0;
        while (wanted.test(next)) {
            ByteBuffer batch = ByteBuffer.allocate(4 * (1 + sizes.nextInt(LARGEST_BATCH)));
            while (batch.hasRemaining()) {
                batch.putInt(next++);
            }
            to.send(batch.array());
        }
        to.finish();
        return next;
    }

    /** Receives until the end of the stream; returns how many numbers there were, all of them in order. */
    static int receive(Peer from) throws IOException {
        int next = 0;
        byte[] bytes = from.receiveBytes(1 << 16);
        while (bytes.length > 0) {
            if (bytes.length % 4 != 0) {
                throw new AssertionError("behind " + next + " the stream ends in the middle of a number");
            }
            ByteBuffer batch = ByteBuffer.wrap(bytes);
            while (batch.hasRemaining()) {
                int number = batch.getInt();
                if (number != next) {
                    throw new AssertionError("expected " + next + " but there came " + number);
                }
                next++;
            }
            bytes = from.receiveBytes(1 << 16);
        }
        return next;
    }
}
