package dev.firedrill.internal.proxy;

import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Fault;
import dev.firedrill.schedule.Schedule;

/**
 * A fault as Toxiproxy knows them: with a name, for one stream, on a part of the connections.
 *
 * @param name unique on its proxy
 * @param fault what it does; covers {@code stream}
 * @param stream which way: towards the upstream, or back
 * @param toxicity the part of the connections that it acts on, from 0 to 1
 * @param schedule which candidates of the fault on these connections are hit: by probability, or the n-th
 * @param closes whether the connections that it acts on are closed when it is removed
 */
public record Toxic(String name, Fault fault, Direction stream, double toxicity, Schedule schedule, boolean closes) {}
