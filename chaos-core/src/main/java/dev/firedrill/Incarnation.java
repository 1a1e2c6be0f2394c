package dev.firedrill;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One life of a node.
 *
 * @param number which life, from 1
 * @param id what identifies it, such as "process 4711"
 * @param started when its start returned
 * @param ready when it accepted connections; null if it has not yet
 * @param ended when it was found to be gone; null if it is alive
 * @param ending how it ended, such as "killed" or "exit code 1"; empty if it is alive
 * @since 0.1
 */
public record Incarnation(
        int number,
        String id,
        Instant started,
        @Nullable Instant ready,
        @Nullable Instant ended,
        String ending) {}
