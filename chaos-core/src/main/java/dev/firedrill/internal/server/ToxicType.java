package dev.firedrill.internal.server;

import dev.firedrill.fault.Bandwidth;
import dev.firedrill.fault.Blackhole;
import dev.firedrill.fault.Corrupt;
import dev.firedrill.fault.DataRate;
import dev.firedrill.fault.DelayMessage;
import dev.firedrill.fault.Direction;
import dev.firedrill.fault.Disconnect;
import dev.firedrill.fault.DropMessage;
import dev.firedrill.fault.Duplicate;
import dev.firedrill.fault.Fault;
import dev.firedrill.fault.HalfOpen;
import dev.firedrill.fault.LimitData;
import dev.firedrill.fault.Messages;
import dev.firedrill.fault.PacketLoss;
import dev.firedrill.fault.Refuse;
import dev.firedrill.fault.Reorder;
import dev.firedrill.fault.ResetPeer;
import dev.firedrill.fault.Slice;
import dev.firedrill.fault.SlowClose;
import dev.firedrill.fault.SlowConnect;
import dev.firedrill.internal.proxy.Lag;
import dev.firedrill.schedule.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A type of toxic: its attributes, in the order in which they are shown, with their defaults, and the fault that they make.
 *
 * @param attributes a default that is a Long, a Double or a String says what is allowed
 * @param fault what it does
 * @param closes whether its connections are closed when it is removed
 */
record ToxicType(
        Map<String, Object> attributes, BiFunction<Map<String, Object>, Direction, Fault> fault, boolean closes) {

    /** A century is as good as for ever, and can be counted in nanoseconds. */
    private static final long MAX_MILLIS = 100L * 365 * 24 * 3_600_000;

    /** No network is faster, and its bytes of a year can be counted. */
    private static final long MAX_KILOBYTES = 1_000_000_000;

    private static final Map<String, ToxicType> ALL = all();

    static @Nullable ToxicType of(String name) {
        return ALL.get(name);
    }

    private static Map<String, ToxicType> all() {
        Map<String, ToxicType> all = new LinkedHashMap<>();
        toxiproxysOwn(all);
        ofMessages(all);
        ofConnections(all);
        return Collections.unmodifiableMap(all);
    }

    private static void toxiproxysOwn(Map<String, ToxicType> all) {
        all.put("noop", type((values, way) -> new Lag(Duration.ZERO, Duration.ZERO, way)));
        all.put(
                "latency",
                type(
                        (values, way) -> new Lag(millis(values, "latency"), millis(values, "jitter"), way),
                        "latency",
                        0L,
                        "jitter",
                        0L));
        all.put("bandwidth", type((values, way) -> new Bandwidth(rate(values), way), "rate", 0L));
        all.put("slow_close", type((values, way) -> new SlowClose(atLeastZero(values, "delay"), way), "delay", 0L));
        ToxicType timeout = type((values, way) -> new Blackhole(way, atLeastZero(values, "timeout")), "timeout", 0L);
        all.put("timeout", new ToxicType(timeout.attributes, timeout.fault, true));
        all.put("reset_peer", type((values, way) -> new ResetPeer(atLeastZero(values, "timeout")), "timeout", 0L));
        all.put("slicer", type(ToxicType::slice, "average_size", 0L, "size_variation", 0L, "delay", 0L));
        all.put(
                "limit_data",
                type((values, way) -> new LimitData(Math.max(0, integer(values, "bytes")), way), "bytes", 0L));
    }

    private static void ofConnections(Map<String, ToxicType> all) {
        all.put("refuse", type((values, way) -> new Refuse(), "probability", 1.0, "nth", 0L));
        all.put("slow_connect", type((values, way) -> new SlowConnect(millis(values, "delay")), "delay", 0L));
        all.put("disconnect", type((values, way) -> new Disconnect(millis(values, "age")), "age", 0L));
        all.put("half_open", type((values, way) -> new HalfOpen()));
        all.put(
                "lost_packets",
                type(
                        (values, way) -> new PacketLoss(
                                (Double) values.getOrDefault("rate", 0.0), millis(values, "retransmit"), way),
                        "rate",
                        0.0,
                        "retransmit",
                        200L));
    }

    private static void ofMessages(Map<String, ToxicType> all) {
        all.put("corrupt", messages((values, way) -> new Corrupt(how(values), selected(values), way), "how", "garble"));
        all.put("drop_message", messages((values, way) -> new DropMessage(selected(values), way)));
        all.put("duplicate", messages((values, way) -> new Duplicate(selected(values), way)));
        all.put(
                "reorder",
                messages(
                        (values, way) -> new Reorder(millis(values, "patience"), selected(values), way),
                        "patience",
                        200L));
        all.put(
                "delay_message",
                messages(
                        (values, way) -> new DelayMessage(millis(values, "delay"), selected(values), way),
                        "delay",
                        0L));
    }

    private static ToxicType messages(BiFunction<Map<String, Object>, Direction, Fault> fault, Object... own) {
        List<Object> attributes = new ArrayList<>(List.of(own));
        attributes.addAll(List.of("framing", "", "command", "", "pattern", "", "probability", 1.0, "nth", 0L));
        return type(fault, attributes.toArray());
    }

    /** {@code attributes}: names and defaults in turn. */
    private static ToxicType type(BiFunction<Map<String, Object>, Direction, Fault> fault, Object... attributes) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            map.put((String) attributes[i], attributes[i + 1]);
        }
        return new ToxicType(Collections.unmodifiableMap(map), fault, false);
    }

    // ---- attributes

    /** What is given, or else what was there before. */
    Map<String, Object> read(Input given, Map<String, Object> before) {
        Map<String, Object> values = new LinkedHashMap<>();
        before.forEach((name, value) -> {
            if (value instanceof Long number) {
                values.put(name, given.integer(name, number));
            } else if (value instanceof Double number) {
                values.put(name, given.number(name, number));
            } else {
                values.put(name, given.text(name, (String) value));
            }
        });
        return values;
    }

    /**
     * The fault that some attributes make.
     *
     * @throws IllegalArgumentException if they make none
     */
    Fault fault(Map<String, Object> values, Direction way) {
        return fault.apply(values, way);
    }

    /**
     * Which messages or connections are hit.
     *
     * @throws IllegalArgumentException if the attributes say what can't be
     */
    static Schedule schedule(Map<String, Object> values) {
        Schedule schedule = Schedule.now();
        if (!(values.get("probability") instanceof Double probability)) {
            return schedule;
        }
        long nth = integer(values, "nth");
        schedule = schedule.probability(probability);
        return nth == 0 ? schedule : schedule.nth(Math.toIntExact(Math.min(nth, Integer.MAX_VALUE)));
    }

    private static long integer(Map<String, Object> values, String name) {
        return (Long) values.getOrDefault(name, 0L);
    }

    private static String text(Map<String, Object> values, String name) {
        return String.valueOf(values.get(name));
    }

    private static Duration millis(Map<String, Object> values, String name) {
        return Duration.ofMillis(Math.max(-MAX_MILLIS, Math.min(MAX_MILLIS, integer(values, name))));
    }

    private static Duration atLeastZero(Map<String, Object> values, String name) {
        Duration millis = millis(values, name);
        return millis.isNegative() ? Duration.ZERO : millis;
    }

    private static DataRate rate(Map<String, Object> values) {
        long rate = integer(values, "rate");
        if (rate < 0) {
            throw new IllegalArgumentException(
                    "rate " + rate + " is negative; allowed is 0 (nothing passes) or more KB/s (1,000 bytes)");
        }
        return new DataRate(1_000 * Math.min(MAX_KILOBYTES, rate));
    }

    private static Fault slice(Map<String, Object> values, Direction way) {
        long size = integer(values, "average_size");
        long variation = integer(values, "size_variation");
        long micros = integer(values, "delay");
        if (size < 1) {
            throw new IllegalArgumentException("average_size " + size + " makes no slices; allowed is 1 or more bytes");
        }
        // by more than this Toxiproxy may cut outside of what it has read, and crash
        if (variation < 0 || variation - 1 > size) {
            throw new IllegalArgumentException("size_variation " + variation
                    + (variation < 0 ? " is negative" : " is larger than slices can vary") + "; allowed is 0.."
                    + (size == Long.MAX_VALUE ? size : size + 1) + " bytes");
        }
        int bytes = (int) Math.min(Integer.MAX_VALUE, size);
        long nanos = 1_000 * Math.max(0, Math.min(MAX_MILLIS * 1_000, micros));
        // our pieces are never empty
        return new Slice(bytes, (int) Math.min(bytes - 1, variation), Duration.ofNanos(nanos), way);
    }

    private static Corrupt.How how(Map<String, Object> values) {
        String how = text(values, "how");
        try {
            return Corrupt.How.valueOf(how.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "how \"" + how + "\" is not known; allowed are bit_flip, truncate, garble", e);
        }
    }

    private static Messages selected(Map<String, Object> values) {
        return new Messages(text(values, "framing"), text(values, "command"), text(values, "pattern"));
    }
}
