/**
 * What goes wrong: one immutable record per fault, data only, never where or when.
 *
 * <p>Link faults: {@link dev.firedrill.fault.Latency}, {@link dev.firedrill.fault.Bandwidth},
 * {@link dev.firedrill.fault.ResetPeer}, {@link dev.firedrill.fault.Blackhole}, {@link dev.firedrill.fault.Refuse},
 * {@link dev.firedrill.fault.Slice}, {@link dev.firedrill.fault.LimitData}, {@link dev.firedrill.fault.SlowClose}, {@link dev.firedrill.fault.SlowConnect},
 * {@link dev.firedrill.fault.Disconnect}, {@link dev.firedrill.fault.HalfOpen},
 * {@link dev.firedrill.fault.PacketLoss}. Faults
 * of single messages: {@link dev.firedrill.fault.Corrupt}, {@link dev.firedrill.fault.DropMessage},
 * {@link dev.firedrill.fault.Duplicate}, {@link dev.firedrill.fault.Reorder}, {@link dev.firedrill.fault.DelayMessage},
 * {@link dev.firedrill.fault.KillBeforeReply}. Node
 * faults: {@link dev.firedrill.fault.Kill}, {@link dev.firedrill.fault.Stop}, {@link dev.firedrill.fault.Pause},
 * {@link dev.firedrill.fault.Restart}.
 */
@NullMarked
package dev.firedrill.fault;

import org.jspecify.annotations.NullMarked;
