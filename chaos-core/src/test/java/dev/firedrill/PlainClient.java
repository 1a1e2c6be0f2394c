package dev.firedrill;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A client of a redis that neither tries again nor hides anything. */
interface PlainClient {

    /** How long it waits for an answer. */
    Duration LIMIT = Duration.ofSeconds(1);

    /** As it is named in targets. */
    String name();

    /** A connection that stays open, over which something has been answered already. */
    Talk open() throws Exception;

    /** Asks over a new connection. */
    Answer ask(Question question) throws Exception;

    interface Talk extends AutoCloseable {
        Answer ask(Question question) throws Exception;

        @Override
        void close();
    }

    /** What is asked of redis, and how many bytes its answer has. */
    enum Question {
        PING("PING", 7),
        BIG("GET big", 60_010),
        /** Answered and closed: a byte more is waited for than there will be. */
        QUIT("QUIT", 6);

        /** The value of the key {@code big}. */
        static final String VALUE = "x".repeat(60_000);

        final String command;
        final int count;

        Question(String command, int count) {
            this.command = command;
            this.count = count;
        }

        byte[] bytes() {
            return (command + "\r\n").getBytes(StandardCharsets.US_ASCII);
        }
    }
}
