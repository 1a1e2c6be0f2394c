package dev.firedrill.benchmarks.network;

/** A line of the table, and how far ahead of the others we mean to be. */
enum Measure {
    BULK("bulk, GB/s", 2, true, 2.2, 1.1),
    BULK_CPU("bulk, CPU ms per GB", 0, false, 0.4, 1.0),
    ONE_P50("1 connection, p50 us", 1, false, 1.0, Double.NaN),
    ONE_RATE("1 connection, round trips/s", 0, true, Double.NaN, Double.NaN),
    ONE_CPU("1 connection, CPU us per round trip", 1, false, 0.7, Level.COST),
    MANY_P50("100 connections, p50 us", 0, false, Double.NaN, Double.NaN),
    MANY_RATE("100 connections, round trips/s", 0, true, 1.3, Level.GAIN),
    MANY_CPU("100 connections, CPU us per round trip", 1, false, 0.7, Level.COST),
    ALLOCATED("100 connections, heap bytes per round trip", 1, false, Double.NaN, Double.NaN),
    FAULTS_BULK("5 faults, bulk, GB/s", 2, true, 1.7, Double.NaN),
    FAULTS_RATE("5 faults, 100 connections, round trips/s", 0, true, 2.0, Double.NaN),
    FAULTS_CPU("5 faults, CPU us per round trip", 1, false, 0.45, Double.NaN),
    DELAY_ONE("50 ms injected, 1 connection, p50 late by us", 0, false, 0.6, Double.NaN),
    DELAY_MANY("50 ms injected, 100 connections, p99 late by us", 0, false, 0.4, Double.NaN),
    IDLE("memory per idle connection, KB", 1, false, 0.33, Double.NaN),
    FAULTS_IDLE("5 faults, memory per idle connection, KB", 1, false, 0.1, Double.NaN);

    /** Two that are as good differ by so much from run to run. */
    private static final class Level {
        static final double COST = 1.1;
        static final double GAIN = 0.9;
    }

    private final String text;
    private final int decimals;
    private final boolean moreIsBetter;
    private final double toToxiproxy;
    private final double toHaproxy;

    Measure(String text, int decimals, boolean moreIsBetter, double toToxiproxy, double toHaproxy) {
        this.text = text;
        this.decimals = decimals;
        this.moreIsBetter = moreIsBetter;
        this.toToxiproxy = toToxiproxy;
        this.toHaproxy = toHaproxy;
    }

    String text() {
        return text;
    }

    int decimals() {
        return decimals;
    }

    /** The ratio that we aim at; NaN if there is none. */
    double goal(String peer) {
        return switch (peer) {
            case Peer.TOXIPROXY -> toToxiproxy;
            case Peer.HAPROXY -> toHaproxy;
            default -> Double.NaN;
        };
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }

    boolean isMet(String peer, double ratio) {
        return moreIsBetter ? ratio >= goal(peer) : ratio <= goal(peer);
    }
}
