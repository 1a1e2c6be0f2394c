package dev.firedrill.benchmarks.network;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a run is given.
 *
 * @param work a folder for files of this run
 * @param rounds how often each is measured
 * @param millis how long each time
 * @param ticksPerSecond the kernel's unit of CPU time
 * @param toxiproxy the server, if there is one
 * @param haproxy the program, if there is one
 * @param out where the results go as JSON, if anywhere
 * @param command what was typed
 */
record Setting(
        Path work,
        int rounds,
        long millis,
        int ticksPerSecond,
        @Nullable Path toxiproxy,
        @Nullable Path haproxy,
        @Nullable Path out,
        String command) {}
